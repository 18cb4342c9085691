/**
 * <runtime> v3-calls.mjs <ours | one-a-request> <submissions | polls> <url>: 200 submissions at once, or one
 * wait for a job, from a process that has no token yet; prints the milliseconds that it took.
 */
import { createClient } from '../../dist/client.js'
import { submitEnhancedKyc } from '../../dist/v3/enhanced-kyc.js'
import { waitForVerdict } from '../../dist/v3/status.js'

const SUBMISSIONS = 200
const JOB_ID = 'job_00000000000000000000000000'
/** So that it is the calls that take the time. */
const PAUSE_MS = 1

const PERSON = { given_names: 'Amina Fatou', last_name: 'Clearwater', email: 'amina.clearwater@example.com' }
const CONSENT = {
  granted: true,
  granted_at: '2026-05-04T08:00:00.000Z',
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://shop.example/privacy',
}
const LOOKUP = { country: 'NG', id_type: 'NIN_V2', id_number: '00000000000' }

const [candidate, what] = process.argv.slice(2)
const url = process.argv[4]

function ours() {
  const credentials = { partnerId: '085', apiKey: 'bench-key', environment: 'sandbox', baseUrl: url }
  return {
    submit: () =>
      submitEnhancedKyc(createClient(credentials), { ...LOOKUP, user_details: PERSON, consent: CONSENT }),
    wait: () => waitForVerdict(createClient(credentials), { job_id: JOB_ID }, { delayMs: () => PAUSE_MS }),
  }
}

/** As the official SDK 13 does: "before each request it fetches a short-lived token". */
function oneARequest() {
  async function call(path, init) {
    const headers = { 'smileid-partner-id': '85', 'smileid-api-key': 'bench-key' }
    const asked = await fetch(`${url}/v3/token`, { method: 'POST', headers })
    const { token } = await asked.json()
    const response = await fetch(url + path, { ...init, headers: { 'smileid-token': token } })
    return response.json()
  }
  return {
    submit() {
      const form = new FormData()
      for (const [name, value] of Object.entries(LOOKUP)) form.set(name, value)
      form.set('user_details', JSON.stringify(PERSON))
      form.set('consent', JSON.stringify(CONSENT))
      return call('/v3/enhanced_kyc', { method: 'POST', body: form })
    },
    async wait() {
      while ((await call(`/v3/status/${JOB_ID}`)).status === 'processing') {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    },
  }
}

const { submit, wait } = candidate === 'ours' ? ours() : oneARequest()
const started = performance.now()
if (what === 'submissions') await Promise.all(Array.from({ length: SUBMISSIONS }, submit))
else await wait()
console.log(JSON.stringify({ ms: performance.now() - started }))
