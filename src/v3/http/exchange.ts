/** One call of v3 with the headers that it is given: the token is a matter of others. */
import type { RequestOptions } from '../../client/internals.ts'
import { SmileIdSignatureError } from '../../errors/classes.ts'
import type { End } from '../../http/attempt.ts'
import type { Body } from '../../http/body.ts'
import { formBody, type Form } from '../../http/multipart.ts'
import { type CallFacts, type Failure, invalidReply, type Received } from '../../http/refusal.ts'
import { attempts } from '../../http/attempts.ts'
import { parseObject } from '../../input/json.ts'
import type { Members } from '../../input/objects.ts'
import type { Caller } from '../client/caller.ts'
import type { V3Endpoint } from '../wire/operations.ts'
import { jobIdOf, refusalOf } from './refusal.ts'
import { isSignedBy, signedPairOf } from './signature.ts'
import type { Watched } from './watched.ts'

/** Callbacks have up to 1.5 MB, and synchronous replies are made like them. */
const MAX_REPLY_BYTES = 4_194_304

export interface V3Exchange {
  endpoint: V3Endpoint
  /** Below the root of the API, with its query. */
  path: string
  headers: Readonly<Record<string, string>>
  /** None with GET, and where there is nothing to say. */
  form?: Form | undefined
  /** Whether the headers of the reply are signed. */
  isSigned?: boolean | undefined
  /** Whether a reply can be one of this operation. */
  isValid?: ((reply: V3Reply) => boolean) | undefined
}

export interface V3Reply {
  status: number
  headers: Headers
  members: Members
}

export type V3End = { kind: 'reply'; reply: V3Reply } | Exclude<End, { kind: 'reply' }>

export async function exchange(
  caller: Caller,
  { sender }: Watched,
  call: V3Exchange,
  options: RequestOptions,
): Promise<V3End> {
  let reply: V3Reply | undefined
  const { endpoint, path, form } = call
  const { operation, method, isRepeatable = false } = endpoint
  /** Attempts of which it is certain that they did nothing. */
  let turnedAway = 0
  // Under its key, a screening may have been made, and billed, whatever is said to a repeat of it; but a
  // provider that is silent was so all the time.
  const withEarlier = (failure: Failure): Failure => {
    const { attempts: attempt, code, retryable, outcome } = failure.facts
    const wasLost = operation === 'v3/aml/sync' && attempt - 1 > turnedAway && code !== 'provider_timeout'
    if (outcome === 'rejected' && retryable) turnedAway++
    return wasLost ? { ...failure, facts: { ...failure.facts, outcome: 'unknown' } } : failure
  }
  const end = await attempts(
    sender,
    {
      operation,
      path,
      ...(method && { method }),
      repeatable: isRepeatable,
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(attempt): Promise<Body> {
        const made = form ? formBody(form, attempt) : {}
        return { ...made, headers: { ...made.headers, ...call.headers } }
      },
      readReply(received, text) {
        const members = text === undefined ? undefined : parseObject(text)
        const { status, headers, ok } = received.response
        if (!ok) return { ok: false, failure: withEarlier(refusalOf(endpoint, received, members)) }
        if (!members) return { ok: false, failure: unreadable(received) }
        reply = { status, headers, members }
        return { ok: true, reply: members }
      },
      verify: (_members, facts) => replyFailure(caller, call, { reply: reply!, facts }),
    },
    options,
  )
  return end.kind === 'reply' ? { kind: 'reply', reply: reply! } : end
}

function unreadable({ response: { status, headers }, facts }: Received): Failure {
  return invalidReply(facts, { status, smileJobId: jobIdOf(headers, {}) })
}

/** Why a reply must not be believed, or can be none of this operation. */
async function replyFailure(
  caller: Caller,
  { isSigned, isValid }: V3Exchange,
  { reply, facts }: { reply: V3Reply; facts: CallFacts },
): Promise<Failure | undefined> {
  const { headers, members, status } = reply
  const smileJobId = jobIdOf(headers, members)
  // Who has no key cannot verify anything.
  if (isSigned && caller.kind === 'key') {
    const pair = signedPairOf(headers)
    if (!pair) return signatureFailure('signature_missing', { ...facts, smileJobId })
    if (!(await isSignedBy(caller, pair))) {
      return signatureFailure('signature_mismatch', { ...facts, smileJobId })
    }
  }
  return isValid && !isValid(reply) ? invalidReply(facts, { status, smileJobId }) : undefined
}

function signatureFailure(code: 'signature_missing' | 'signature_mismatch', facts: CallFacts): Failure {
  const hint = 'Do not trust this reply: ask getVerificationStatus for the job.'
  return {
    facts: { ...facts, code, outcome: 'unknown', hint },
    makeError: (final) => new SmileIdSignatureError(final),
  }
}
