/**
 * node bench/run.mjs [signature] [backfill-memory] [event-loop] [image-jobs] [polling] [size] [journal] [bulk] [bulk-faults] [playground]
 *
 * Medians of dist/ beside an alternative of the same run; a ratio is the median of the rounds' own ratios, hence not quite that of the
 * two medians. A missed target is said, and fails nothing.
 */
import { availableParallelism } from 'node:os'
import { backfillMemory } from './backfill-memory.mjs'
import { bulk } from './bulk.mjs'
import { bulkFaults } from './bulk-faults.mjs'
import { eventLoop } from './event-loop.mjs'
import { imageJobs } from './image-jobs.mjs'
import { journal } from './journal.mjs'
import { at, output } from './lib.mjs'
import { playground } from './playground.mjs'
import { polling } from './polling.mjs'
import { signature } from './signature.mjs'
import { size } from './size.mjs'

const PARTS = { signature, 'backfill-memory': backfillMemory, 'event-loop': eventLoop, 'image-jobs': imageJobs, polling, size, journal, bulk, 'bulk-faults': bulkFaults, playground }

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length) throw new Error(`no such part: ${unknown.join(', ')} (there are ${Object.keys(PARTS).join(', ')})`)
for (const name of chosen.length ? chosen : Object.keys(PARTS)) await PARTS[name]()

const [bun, deno] = await Promise.all([output(at('node_modules/.bin/bun'), ['--version']), output(at('node_modules/.bin/deno'), ['--version'])])
console.log(`\nNode ${process.versions.node}, Bun ${bun}, Deno ${deno.split(' ')[1]}, ${availableParallelism()} CPUs`)
