/**
 * The whole platform as a process of its own, so that a test can kill it:
 * node run-platform.mjs <state> <port> <bindings in JSON>
 */
import { startPlatform } from '../../playground/platform.mjs'

const [state, port, bindings] = process.argv.slice(2)
const { url } = await startPlatform({
  state,
  port: Number(port),
  quiet: true,
  bindings: { CALL_TIMEOUT_MS: '5000', ...JSON.parse(bindings) },
})
console.log(url)
