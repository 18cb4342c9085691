/** A call of v3: with a token, and once more with another one where it was refused. */
import type { RequestOptions } from '../../client/internals.ts'
import { type ErrorFacts, isSmileIdError } from '../../errors/classes.ts'
import { issue, throwIfAny } from '../../errors/issues.ts'
import { type Part, writeForm } from '../../http/multipart.ts'
import type { Failure } from '../../http/refusal.ts'
import type { Caller } from '../client/caller.ts'
import { takeToken } from '../token/keeping.ts'
import type { V3Endpoint } from '../wire/operations.ts'
import { exchange, type V3End, type V3Exchange, type V3Reply } from './exchange.ts'
import { partsOf } from './parts.ts'
import { checkSize } from './size.ts'
import { type Watched, watched } from './watched.ts'

export interface V3Call extends Pick<V3Exchange, 'isSigned' | 'isValid'> {
  endpoint: V3Endpoint
  /** For the names in braces of the path. */
  params?: Readonly<Record<string, string>> | undefined
  /** Members that are `undefined` are left out. */
  query?: Readonly<Record<string, unknown>> | undefined
  /** The form to send. */
  parts?: readonly Part[] | undefined
  headers?: Readonly<Record<string, string>> | undefined
}

/**
 * Resolves to the reply, which was read whole and, where it is signed and a key is there, verified.
 *
 * @throws {SmileIdError} with the code of what failed, or the signal's own reason.
 */
export async function callV3(caller: Caller, call: V3Call, options: RequestOptions): Promise<V3Reply> {
  const { endpoint, params = {}, query = {}, parts, headers, isSigned, isValid } = call
  const { operation, path = `/${operation}` } = endpoint
  // Also an empty one: without a form, the service takes no body for a submission.
  const form = parts && writeForm(parts)
  if (form) checkSize(form)
  const watch = watched(caller.sender, path)
  const sent: V3Exchange = {
    endpoint,
    path: withParams(path, params) + queryOf(query),
    headers: { ...SOURCE_HEADERS, ...headers },
    form,
    isSigned,
    isValid,
  }
  const end = endpoint.isPublic
    ? await exchange(caller, watch, sent, options)
    : await withToken(caller, { watch, sent }, options)
  watch.end()
  if (end.kind === 'reply') return end.reply
  if (end.kind === 'abort') throw end.reason
  throw errorOf(end.failure, { watch, endpoint })
}

/** How clients name themselves that are none of the vendor's SDKs. */
const SOURCE_HEADERS = { 'smileid-source-sdk': 'rest_api', 'smileid-source-sdk-version': '1.0.0' }

/**
 * The authorizer stands before everything else: what it turns away, nobody has looked at, so it can be sent
 * again with another token even if it bills.
 */
async function withToken(
  caller: Caller,
  { watch, sent }: { watch: Watched; sent: V3Exchange },
  options: RequestOptions,
): Promise<V3End> {
  const { product } = sent.endpoint
  const attempt = (token: string) =>
    exchange(caller, watch, { ...sent, headers: { ...sent.headers, 'smileid-token': token } }, options)

  if (caller.kind === 'token') return attempt(caller.token)
  const token = await takeToken(caller, { product }, options)
  const end = await attempt(token)
  if (end.kind !== 'failure' || end.failure.facts.status !== 401) return end
  let another: string
  try {
    another = await takeToken(caller, { product, refused: token }, options)
  } catch (error) {
    // What a repeat was refused for says nothing of the attempts before it.
    if (end.failure.facts.outcome === 'unknown' && isSmileIdError(error)) return end
    watch.end()
    throw error
  }
  watch.goOn()
  return attempt(another)
}

function withParams(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]!
    // However it is encoded, a URL takes it for a step up or none, and the call would be another one.
    if (/^\.\.?$/.test(value)) throwIfAny([issue(name, 'wrong_format', 'must be more than dots')])
    return encodeURIComponent(value)
  })
}

function queryOf(members: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams()
  for (const { name, value } of partsOf(members)) query.append(name, value as string)
  const text = String(query)
  return text && `?${text}`
}

const ASK_STATUS = 'Ask getVerificationStatus for the job of smileJobId, instead of sending it again.'
const SEND_AGAIN = 'Send it again: that bills nothing.'
const CALLBACK_TELLS =
  'It may have been taken on, and billed. There is no way to ask: a callback will tell, by partner_params. ' +
  'Sent again, it is another job.'

/** The error, with what v3 can do about an outcome that is unknown. */
function errorOf(
  { facts, makeError }: Failure,
  { watch, endpoint }: { watch: Watched; endpoint: V3Endpoint },
): Error {
  const attempts = facts.attempts + watch.earlierAttempts
  const outcome = watch.outcomeOf(facts)
  const hint = hintOf({ ...facts, outcome }, endpoint)
  return makeError({ ...facts, attempts, outcome, hint, retryable: isRetryable(facts) })
}

function hintOf({ outcome, smileJobId, hint, code }: ErrorFacts, endpoint: V3Endpoint): string {
  if (outcome !== 'unknown' || code.startsWith('signature_')) return hint
  if (endpoint.isRepeatable) return endpoint.ifLost ?? SEND_AGAIN
  return smileJobId ? ASK_STATUS : (endpoint.ifLost ?? CALLBACK_TELLS)
}

/** A screening that timed out is not repeated here: whether its key then screens anew, no source says. */
function isRetryable({ operation, code, retryable = false }: ErrorFacts): boolean {
  return retryable || (operation === 'v3/aml/sync' && code === 'provider_timeout')
}
