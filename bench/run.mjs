/**
 * node bench/run.mjs [part …]: the parts by name, or all but those that take long (journal, bulk,
 * bulk-faults). node bench/run.mjs --against COMMIT [operation …]: this build beside that of a commit.
 *
 * Medians of dist/ beside an alternative of the same run; a ratio is the median of the rounds' own ratios,
 * hence not quite that of the two medians. A missed target is said, and fails nothing.
 */
import { against } from './against.mjs'
import { backfillMemory } from './backfill-memory.mjs'
import { bulk } from './bulk.mjs'
import { bulkFaults } from './bulk-faults.mjs'
import { coldImport } from './cold-import.mjs'
import { encoding } from './encoding.mjs'
import { endToEnd } from './end-to-end.mjs'
import { eventLoop } from './event-loop.mjs'
import { imageJobs } from './image-jobs.mjs'
import { journal } from './journal.mjs'
import { takePrinted } from './lib.mjs'
import { playground } from './playground.mjs'
import { polling } from './polling.mjs'
import { keep, thisRun } from './results.mjs'
import { signature } from './signature.mjs'
import { size } from './size.mjs'
import { v3Documents } from './v3-documents.mjs'
import { v3Tokens } from './v3-tokens.mjs'
import { xlsx } from './xlsx.mjs'
import { zip } from './zip.mjs'

const PARTS = {
  signature,
  size,
  'cold-import': coldImport,
  encoding,
  zip,
  'end-to-end': endToEnd,
  'image-jobs': imageJobs,
  'backfill-memory': backfillMemory,
  'event-loop': eventLoop,
  'v3-documents': v3Documents,
  xlsx,
  polling,
  'v3-tokens': v3Tokens,
  playground,
}
const LONG = { journal, bulk, 'bulk-faults': bulkFaults }
const all = { ...PARTS, ...LONG }

const [first, ...others] = process.argv.slice(2)
if (first === '--against') await runAgainst(...others)
else await runParts(process.argv.slice(2))

async function runAgainst(commit, ...operations) {
  if (!commit) throw new Error('--against takes a commit')
  await against(commit, operations)
}

async function runParts(chosen) {
  const unknown = chosen.filter((name) => !Object.hasOwn(all, name))
  if (unknown.length)
    throw new Error(`no such part: ${unknown.join(', ')} (there are ${Object.keys(all).join(', ')})`)
  const run = await thisRun()
  for (const name of chosen.length ? chosen : Object.keys(PARTS)) {
    await all[name]()
    await keep(Object.keys(all), name, run, takePrinted())
  }
  console.log(`\n${run.machine}: ${run.versions}`)
}
