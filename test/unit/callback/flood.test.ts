/** Forged callbacks under one captured signature, more of them than any partner has: calls stay bounded. */
import { expect, it } from 'vitest'
import { createCallbackHandler } from 'smileid-edge/callback'
import { genuine, job, URL } from '../../conformance/callback/setup.ts'
import { start } from '../../support/emulated.ts'

it('makes a thousand calls at most, whatever else the bodies name', async () => {
  const { emulator, client } = start()
  const SmileJobID = emulator.startJob({ ...job, durationMs: 0 })
  const captured = await genuine(emulator, { SmileJobID })
  const handler = createCallbackHandler(client, { onResult: () => {} })
  for (let n = 0; n < 1100; n++) {
    const body = JSON.stringify({ ...captured, SmileJobID: `${n}` })
    await handler(new Request(URL, { method: 'POST', body }))
  }
  expect(emulator.calls.length).toBeGreaterThan(900)
  expect(emulator.calls.length).toBeLessThanOrEqual(1000)
})
