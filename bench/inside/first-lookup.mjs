/** node first-lookup.mjs <candidate> <url>: loads what it takes and makes one lookup; prints milliseconds. */
import { credentials } from './photo.mjs'

const [name, url] = process.argv.slice(2)
const ids = { user_id: 'user-1', job_id: 'job-1', job_type: 5 }
const id_info = { country: 'NG', id_type: 'BVN', id_number: '00000000000' }

const CANDIDATES = {
  ours: () => verify(async () => undefined),
  byNode: () => verify(async () => (await import('../../dist/node.js')).nodeFetch),
  async core() {
    const { default: identity } = await import('smile-identity-core')
    const core = new identity.IDApi(credentials.partnerId, credentials.apiKey, 'example.com')
    core.axiosInstance.defaults.baseURL = `${url}/v1` // its constructor takes https alone
    return core.submit_job(ids, id_info)
  },
  async bare() {
    const { createHmac } = await import('node:crypto')
    const { partnerId: partner_id, apiKey } = credentials
    const timestamp = new Date().toISOString()
    const signature = createHmac('sha256', apiKey)
      .update(`${timestamp}${partner_id}sid_request`)
      .digest('base64')
    const fields = { partner_id, timestamp, signature, partner_params: ids, ...id_info }
    const response = await fetch(`${url}/v1/id_verification`, {
      method: 'POST',
      body: JSON.stringify(fields),
      headers: { 'content-type': 'application/json' },
    })
    return response.json()
  },
}

async function verify(loadFetch) {
  const [{ createClient }, { verifyId }, fetch] = await Promise.all([
    import('../../dist/client.js'),
    import('../../dist/id-verification.js'),
    loadFetch(),
  ])
  const client = createClient({ ...credentials, environment: 'sandbox', baseUrl: url, fetch })
  return verifyId(client, { partner_params: ids, id_info })
}

const started = performance.now()
const { ResultCode } = await CANDIDATES[name]()
if (ResultCode !== '1012') throw new Error(`${name}: not found`)
console.log(JSON.stringify({ ms: performance.now() - started }))
process.exit(0)
