/**
 * node emulator.mjs [ms]: the emulator behind a port, which takes its time over each call; a second port
 * tells how many came and whom it has. Ends with its stdin.
 */
import { createServer } from 'node:http'
import { createEmulator } from '../../dist/emulator.js'
import { createEmulatorServer } from '../../dist/node.js'
import { credentials } from './photo.mjs'

const ms = Number(process.argv[2] ?? 0)
const emulator = createEmulator({
  clock: 'real',
  partners: [credentials],
  faults: ms ? [{ times: Infinity, fault: { kind: 'latency', ms } }] : [],
})
const { url } = await createEmulatorServer(emulator)
const counters = createServer((_, response) => {
  const { calls, users } = emulator
  response.end(
    JSON.stringify({
      calls: calls.length,
      committed: calls.filter(({ committed }) => committed).length,
      users: [...users].length,
    }),
  )
})
counters.listen(0, '127.0.0.1', () => console.log(`${url} http://127.0.0.1:${counters.address().port}`))
process.stdin.resume().on('end', () => process.exit())
