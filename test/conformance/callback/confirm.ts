/** Callbacks that are confirmed by asking the service. */
import { confirmCallback, verifyCallback } from 'smileid-edge/callback'
import { start } from '../../support/emulated'
import { describe, equal, rejection, test } from '../harness'
import { job, URL } from './setup'

describe('callback: confirm', () => {
  test('an event is confirmed by what the service says now', async () => {
    const { emulator, client } = start({ verdict: 'provisional' })
    emulator.startJob({ ...job, callback_url: URL })
    await emulator.advance(20_000)
    equal(emulator.callbacks.length, 3)
    const seen = []
    for (const request of emulator.callbacks) {
      const { eventId, result } = await confirmCallback(client, await verifyCallback(client, request))
      seen.push([eventId, result.ResultCode])
    }
    // Late deliveries carry the present result.
    equal(seen, [
      ['sandbox:085:0000000001:1012', '1210'],
      ['sandbox:085:0000000001:0814', '1210'],
      ['sandbox:085:0000000001:1210', '1210'],
    ])
  })

  test('what the service does not say is not confirmed', async () => {
    const { emulator, client } = start()
    const confirm = async (result: object) =>
      rejection(
        confirmCallback(client, await verifyCallback(client, await emulator.callbackRequest(URL, result))),
      )
    const unknown = await confirm({})
    equal([unknown.code, unknown.retryable, unknown.job], ['callback_unconfirmed', true, job])
    emulator.startJob({ ...job, verdict: 'rejected', durationMs: 1000 })
    equal((await confirm({ SmileJobID: '0000000001' })).code, 'callback_unconfirmed', 'not yet')
    await emulator.advance(1000)
    equal((await confirm({ SmileJobID: '0000000001' })).code, 'callback_unconfirmed', 'forged: approved')
    equal(
      (await confirm({ SmileJobID: '0000000002', ResultCode: '0907' })).code,
      'callback_unconfirmed',
      'another job',
    )
    for (const wrong of [undefined, {}, { eventId: 'x', job }])
      equal((await rejection(confirmCallback(client, wrong as never))).code, 'invalid_input')
  })
})
