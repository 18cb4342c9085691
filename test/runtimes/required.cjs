/**
 * node required.cjs <key> <peer>: loads each entry by `require` and by `import`, which must give the same
 * names, and makes a call with each copy; prints how that ended.
 */
const { exports: entries } = require('smileid-edge/package.json')

const [apiKey, peer] = process.argv.slice(-2)

async function run() {
  const failed = []
  let passed = 0
  const attempt = async (what, work) => {
    try {
      await work()
      passed++
    } catch (error) {
      failed.push(`${what}: ${error.stack}`)
    }
  }
  for (const path of Object.keys(entries)) {
    if (path === './package.json') continue
    const entry = `smileid-edge${path.slice(1)}`
    await attempt(entry, () => giveTheSame(entry))
  }
  await attempt('a call after require', () => call(require('smileid-edge')))
  await attempt('a call after import', async () => call(await import('smileid-edge')))
  return { passed, failed }
}

async function giveTheSame(entry) {
  const required = Object.keys(require(entry))
  const imported = Object.keys(await import(entry))
  const missing = imported.filter((name) => !required.includes(name))
  const more = required.filter((name) => !imported.includes(name))
  if (missing.length || more.length) throw new Error(`not required: ${missing}; not imported: ${more}`)
}

async function call({ createClient, getServices }) {
  const environment = 'sandbox'
  const client = createClient({
    partnerId: '085',
    apiKey,
    environment,
    baseUrl: peer,
    allowInsecureBaseUrl: true,
  })
  await getServices(client)
}

run().then((result) => console.log(JSON.stringify(result)))
