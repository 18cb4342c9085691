/** The same ID lookup, by this package, by smile-identity-core, and by fetch with nothing around it. */
import { createHmac } from 'node:crypto'
import identity from 'smile-identity-core'
import { createClient } from '../../dist/client.js'
import { verifyId } from '../../dist/id-verification.js'
import * as node from '../../dist/node.js'
import { credentials } from './photo.mjs'

const id_info = { country: 'NG', id_type: 'BVN', id_number: '00000000000' }

/** By name, what looks up one number as `job_id`; rejects unless it was found. */
export function lookups(url) {
  const { partnerId: partner_id, apiKey } = credentials
  const options = { ...credentials, environment: 'sandbox', baseUrl: url }
  const client = createClient(options)
  // An earlier build beside this one may have none.
  const byNode = createClient({ ...options, fetch: node.nodeFetch ?? fetch })
  const core = new identity.IDApi(partner_id, apiKey, 'example.com')
  core.axiosInstance.defaults.baseURL = `${url}/v1` // its constructor takes https alone
  const params = (job_id) => ({ user_id: `user-${job_id}`, job_id, job_type: 5 })

  const candidates = {
    ours: (job_id) => verifyId(client, { partner_params: params(job_id), id_info }),

    byNode: (job_id) => verifyId(byNode, { partner_params: params(job_id), id_info }),

    core: (job_id) => core.submit_job(params(job_id), id_info),

    async bare(job_id) {
      const timestamp = new Date().toISOString()
      const signature = createHmac('sha256', apiKey)
        .update(`${timestamp}${partner_id}sid_request`)
        .digest('base64')
      const body = JSON.stringify({
        partner_id,
        timestamp,
        signature,
        partner_params: params(job_id),
        ...id_info,
      })
      const response = await fetch(`${url}/v1/id_verification`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
        redirect: 'error',
      })
      return response.json()
    },
  }
  return Object.fromEntries(
    Object.entries(candidates).map(([name, lookUp]) => [
      name,
      async (job_id) => {
        const { ResultCode } = await lookUp(job_id)
        if (ResultCode !== '1012') throw new Error(`${name}: not found`)
      },
    ]),
  )
}
