/** `smileid callback` for a callback of v3, which is signed in its headers. */
import { issue, throwIfAny } from '../../../errors/issues.ts'
import type { Client } from '../../../client.ts'
import type { Call } from '../../command.ts'
import type { Exit } from '../../exit.ts'
import type { FlagOf } from '../../flags.ts'
import type { OUTPUT_FLAGS } from '../../print.ts'
import { printVerdict } from '../../print-v3.ts'
import { formatPairs } from '../../text.ts'
import { describeAge } from '../callback/age.ts'
import type { SavedCallback } from '../callback/saved.ts'

type CallbackFlags = typeof OUTPUT_FLAGS & {
  confirm: FlagOf<'switch'>
  'max-age': FlagOf<'duration'>
}

/** @throws {SmileIdInputError} `invalid_input`: without headers, nothing says who sent it. */
export async function checkCallbackOfV3(
  client: Client,
  { headers, body }: SavedCallback,
  { values, io, signal }: Pick<Call<CallbackFlags>, 'values' | 'io' | 'signal'>,
): Promise<Exit> {
  if (!headers) throwIfAny([issue('FILE', 'missing', NO_HEADERS)])
  const { confirmCallback, verifyCallback } = await import('../../../v3/callback.ts')
  const options = { maxAgeMs: values['max-age'] ?? Infinity }
  const verified = await verifyCallback(client, { headers: headers!, body }, options)
  const { timestamp, eventId, job } = verified
  const signed = { signature: 'genuine', signed: `${timestamp}, ${describeAge(timestamp, io.now())}` }
  if (values.confirm) {
    const confirmed = await confirmCallback(client, verified, { signal })
    if (!values.json) io.out(formatPairs(signed))
    // The service says the verdict again, and no reason; a sign of fraud counts, whoever says it.
    const { reason, antifraud } = verified.unconfirmedResult
    const reply = { status: confirmed.status, message: '', antifraud: antifraud ?? null }
    const more = { ...confirmed.job, confirmed: true, unconfirmedReason: reason ?? undefined }
    return printVerdict(io, reply, { values, more, whole: confirmed })
  }
  if (values.json) {
    const facts = { signature: 'genuine', timestamp, eventId, ...job, confirmed: false }
    io.out(JSON.stringify(values.full ? verified.unconfirmedResult : facts))
  } else {
    const advice = 'not confirmed: add --confirm before believing it'
    io.out(formatPairs({ ...signed, event: eventId, ...job, body: advice }))
  }
  return 'done'
}

const NO_HEADERS =
  'has no headers, where v3 signs: save the request as it came, or { "headers": …, "body": … }'
