// The whole platform as a process of its own, so that a test can kill it: node run-platform.mjs <state> [port]
import { startPlatform } from '../../playground/platform.mjs'

const [state, port = '0'] = process.argv.slice(2)
const { url } = await startPlatform({ state, port: Number(port), quiet: true, bindings: { CALL_TIMEOUT_MS: '5000' } })
console.log(url)
