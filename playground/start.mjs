// The playground on this machine, without an account and without the network.
//   npm start
//   npm start -- --port 8788 --data DIR --host NAME
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPlatform } from './platform.mjs'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    host: { type: 'string', multiple: true, default: [] },
    data: { type: 'string', default: fileURLToPath(new URL('.data', import.meta.url)) },
  },
})
try {
  const { url, scheduled } = await startPlatform({
    state: values.data,
    port: Number(values.port),
    hosts: values.host,
  })
  console.log(
    `The playground is at ${url}\nIt calls an emulator of the Smile ID API; what it keeps is in ` +
      `${values.data}. Ctrl-C stops it.`,
  )
  setInterval(() => void scheduled({ cron: '0 * * * *' }), 3_600_000)
} catch (error) {
  console.error(
    error.code === 'EADDRINUSE' || /EADDRINUSE|address already in use/i.test(error.message)
      ? `Port ${values.port} is taken: npm start -- --port 8788`
      : error.message,
  )
  process.exit(1)
}
