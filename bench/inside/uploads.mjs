/** The same enrolment, by this package and by what one would write without it. */
import { createHmac } from 'node:crypto'
import { backfillUser } from '../../dist/backfill.js'
import { createClient } from '../../dist/client.js'
import * as node from '../../dist/node.js'
import { credentials } from './photo.mjs'

const PIECE = 48 * 1024

/** One upload of `photo` as `user_id`; rejects unless it was enrolled. */
export function uploads(url, photo) {
  const options = { ...credentials, environment: 'sandbox', baseUrl: url }
  const client = createClient(options)
  const byNode = createClient({ ...options, fetch: node.nodeFetch ?? fetch })
  const { partnerId: partner_id, apiKey } = credentials
  const fields = (user_id) => {
    const timestamp = new Date().toISOString()
    const signature = createHmac('sha256', apiKey)
      .update(`${timestamp}${partner_id}sid_request`)
      .digest('base64')
    return { partner_id, timestamp, signature, user_id, user_created_at: '2021-08-12' }
  }
  const base64 = (from, to) =>
    Buffer.from(photo.buffer, photo.byteOffset + from, to - from).toString('base64')
  const post = async (body, init) => {
    const response = await fetch(`${url}/v1/backfill_users`, {
      method: 'POST',
      body,
      ...init,
      headers: { 'content-type': 'application/json', ...init?.headers },
    })
    return response.json()
  }

  const candidates = {
    ours: (user_id) => backfillUser(client, { user_id, user_created_at: '2021-08-12', photo }),

    byNode: (user_id) => backfillUser(byNode, { user_id, user_created_at: '2021-08-12', photo }),

    streamed(user_id) {
      const head = `${JSON.stringify(fields(user_id)).slice(0, -1)},"photo":"`
      let from = -1
      const body = new ReadableStream(
        {
          pull(controller) {
            if (from < 0) {
              controller.enqueue(Buffer.from(head))
              from = 0
            } else if (from < photo.length) {
              const to = Math.min(from + PIECE, photo.length)
              controller.enqueue(Buffer.from(base64(from, to), 'latin1'))
              from = to
            } else {
              controller.enqueue(Buffer.from('"}'))
              controller.close()
            }
          },
        },
        { highWaterMark: 0 },
      )
      const length = head.length + Math.ceil(photo.length / 3) * 4 + 2
      return post(body, { duplex: 'half', redirect: 'error', headers: { 'content-length': String(length) } })
    },

    stringified: (user_id) => post(JSON.stringify({ ...fields(user_id), photo: base64(0, photo.length) })),
  }
  return Object.fromEntries(
    Object.entries(candidates).map(([name, upload]) => [
      name,
      async (user_id) => {
        const { ResultCode } = await upload(user_id)
        if (ResultCode !== '0840') throw new Error(`${name}: not enrolled`)
      },
    ]),
  )
}
