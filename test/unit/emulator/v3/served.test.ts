/** Both generations behind one port. */
import { backfillUser } from 'smileid-edge/backfill'
import { samplePhoto } from 'smileid-edge/emulator'
import { expect, test } from 'vitest'
import { serveEmulator } from '../../../support/served-emulator.ts'
import { changed, CONSENT, multipart } from './requests.ts'

test('a port serves v1 and v3, and users of one authenticate in the other', async () => {
  const { emulator, url, connect, close } = await serveEmulator({ jobDurationMs: 0 })
  try {
    await backfillUser(connect(), { user_id: 'user-1', user_created_at: '2021-08-12', photo: samplePhoto() })
    const asked = await fetch(`${url}/v3/token`, {
      method: 'POST',
      headers: { 'smileid-partner-id': '85', 'smileid-api-key': String(emulator.clientOptions.apiKey) },
    })
    const { token } = (await asked.json()) as { token: string }
    const headers = { 'smileid-token': token }
    const path = '/v3/authentication'
    const consent = { ...CONSENT, granted_at: new Date(Date.now() - 60_000).toISOString() }
    const { bytes, type } = multipart(changed(path, { consent }))
    const submitted = await fetch(url + path, {
      method: 'POST',
      body: bytes,
      headers: { ...headers, 'content-type': type },
    })
    const { job_id, user_id } = (await submitted.json()) as { job_id: string; user_id: string }
    const status = await fetch(`${url}/v3/status/${job_id}`, { headers })
    expect([status.status, await status.json()]).toMatchObject([200, { status: 'clear', user_id }])
    // What has an underscore in its name arrives, too.
    expect(status.headers.get('api_version')).toBe('v3.952.0')
  } finally {
    await close()
  }
})

test('connections break and replies break off on the wire, too', async () => {
  const { emulator, url, close } = await serveEmulator()
  try {
    emulator.addFault({ on: 'v3/status', fault: { kind: 'reset', commit: false } })
    await expect(fetch(`${url}/v3/status/x`)).rejects.toThrow()
    emulator.addFault({ on: 'v3/status', fault: { kind: 'body', body: 'truncated' } })
    const cutOff = await fetch(`${url}/v3/status/x`)
    expect(cutOff.status).toBe(401)
    await expect(cutOff.text()).rejects.toThrow()
  } finally {
    await close()
  }
})
