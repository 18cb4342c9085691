/**
 * Forked with <operation> <folder> <url>: on each message, calls our candidate of the operation for as long
 * as it says, and answers with calls per second and CPU milliseconds per call.
 */
import { keepCalling, OPERATIONS } from './operations.mjs'

const [operation, folder, url] = process.argv.slice(2)
const { ours } = await OPERATIONS[operation](url, folder)
process.on('message', async (round) => process.send(await keepCalling(ours, round)))
process.send('ready')
