/**
 * Endpoints of v3 that this version has no function for.
 *
 * @module
 */
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { membersOf } from '../input/objects.ts'
import { filledTextLike, flag, jsonObject, oneOf } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { begin } from './http/begin.ts'
import { callV3 } from './http/call.ts'
import { partsOf } from './http/parts.ts'
import type { V3Client } from './wire/clients.ts'
import type { V3Endpoint } from './wire/operations.ts'

export type { TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'

export interface TokenRequest {
  /** Under `/v3/`. */
  path: string
  /** @default 'POST' */
  method?: 'GET' | 'POST' | undefined
  /** Parts of the form, objects and lists as JSON; or, with GET, the query. */
  fields?: Readonly<Record<string, unknown>> | undefined
  /** Only if a repeat bills nothing. @default true with GET, else false */
  repeatable?: boolean | undefined
}

/** `/v3/name/part`; of dots alone, no part is. */
const PATH = /^\/v3(\/[\w-][\w.-]*)+$/

const tokenRequestCall = /* @__PURE__ */ once(() =>
  objectOf<TokenRequest>({
    path: filledTextLike(PATH, 'must be a path such as /v3/services/config'),
    method: optional(oneOf('GET', 'POST')),
    fields: optional(jsonObject()),
    repeatable: optional(flag()),
  }),
)

/**
 * Sends a request with a token to an endpoint that has no function yet, such as `GET /v3/services/config`,
 * and resolves to the reply as it is.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of the API, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { tokenRequest, type V3Client } from 'smileid-edge/v3/request'
 *
 * export const configuration = (client: V3Client) =>
 *   tokenRequest(client, { path: '/v3/services/config', method: 'GET' })
 * ```
 */
export async function tokenRequest(
  client: V3Client,
  call: TokenRequest,
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  const begun = begin(client, () => check(tokenRequestCall(), membersOf(call)), checkRequestOptions(options))
  const { path, method = 'POST', fields = {}, repeatable = method === 'GET' } = begun.input
  const content = method === 'GET' ? { query: fields } : { parts: partsOf(fields) }
  const endpoint: V3Endpoint = {
    operation: 'v3/other',
    path,
    ...(method === 'GET' && { method }),
    isRepeatable: repeatable,
    ifLost: 'It may have been done.',
  }
  return (await callV3(begun.caller, { endpoint, ...content }, begun.options)).members
}
