/**
 * What one would write for many rows without a package: a loop of fetch, signed with a cached key, and
 * without a check, a journal or a limit of anything.
 */
import { credentials } from './photo.mjs'

const encoder = new TextEncoder()

export async function bareEnrolments(url, rows, atOnce, each) {
  const { partnerId: partner_id, apiKey } = credentials
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(apiKey),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      // All workers draw from one generator.
      for (let next = rows.next(); !next.done; next = rows.next()) {
        const { user_id, user_created_at, photo } = next.value
        const timestamp = new Date().toISOString()
        const signature = Buffer.from(
          await crypto.subtle.sign('HMAC', key, encoder.encode(`${timestamp}${partner_id}sid_request`)),
        ).toString('base64')
        const body = JSON.stringify({
          partner_id,
          timestamp,
          signature,
          user_id,
          user_created_at,
          photo: Buffer.from(photo()).toString('base64'),
        })
        const response = await fetch(`${url}/v1/backfill_users`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          redirect: 'error',
        })
        const { ResultCode } = await response.json()
        if (ResultCode !== '0840') throw new Error(`bare: ${response.status} ${ResultCode}`)
        each()
      }
    }),
  )
}
