/**
 * node edge.mjs <script> <peer>: runs a script in a bare edge-runtime, and prints what it leaves in `result`.
 * In a process of its own, since the peer could not answer while the script has the event loop.
 */
import { readFileSync } from 'node:fs'
import { EdgeVM } from '@edge-runtime/vm'

const [script, peer] = process.argv.slice(2)
const vm = new EdgeVM({ extend: (context) => Object.assign(context, { PEER: peer }) })
if (vm.evaluate('typeof process') !== 'undefined') throw new Error('edge-runtime leaks process')
vm.evaluate(readFileSync(script, 'utf8'))
console.log(await vm.evaluate('result'))
process.exit()
