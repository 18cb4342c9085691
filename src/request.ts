/**
 * Endpoints that this version has no function for.
 *
 * @module
 */
import { requestOptionEntries } from './client/input.ts'
import { internalsOf, type RequestOptions } from './client/internals.ts'
import { issue, throwIfAny } from './errors/issues.ts'
import { postSigned } from './http/post.ts'
import { flag, jsonObject } from './input/rules.ts'
import { check, objectOf, once, optional } from './input/schema.ts'
import type { Client } from './signature/credentials.ts'

export interface SignedRequestOptions extends RequestOptions {
  /** A repeat bills nothing and uses nothing up. @default false */
  repeatable?: boolean | undefined
}

const signedRequestOptions = /* @__PURE__ */ once(() =>
  objectOf<SignedRequestOptions>({ ...requestOptionEntries(), repeatable: optional(flag()) }),
)

const fieldsToSend = /* @__PURE__ */ once(() => jsonObject())

/** `/v1/name`, `/v2/name/part` */
const PATH = /^\/v\d+(\/\w[\w-]*)+$/

/**
 * Signs fields in the body and posts them to a path of the API, and resolves to the reply as it is; whether
 * it is signed is for you to check.
 *
 * Never repeated unless `repeatable`, but for what is certain not to have been acted on.
 *
 * @throws {SmileIdInputError} `invalid_input`: not a client, a wrong path, fields that cannot be written as
 * JSON, or wrong options.
 * @throws {SmileIdApiError} the codes of the API, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { signedRequest } from 'smileid-edge/request'
 *
 * export const configuration = (client: Client) =>
 *   signedRequest(client, '/v1/products_config', {}, { repeatable: true })
 * ```
 */
export async function signedRequest(
  client: Client,
  path: `/v${number}/${string}`,
  fields: Readonly<Record<string, any>>,
  options: SignedRequestOptions = {},
): Promise<Record<string, unknown>> {
  const internals = internalsOf(client)
  const given = check(signedRequestOptions(), options ?? {}, 'options')
  const checked = check(fieldsToSend(), fields ?? null, 'fields')
  const isPath = typeof path === 'string' && PATH.test(path)
  const pathIssues = isPath ? [] : [issue('path', 'wrong_format', 'must be a path such as /v1/name')]
  throwIfAny([...given.issues, ...pathIssues, ...checked.issues])
  const { repeatable = false, ...requestOptions } = given.value
  return postSigned(
    internals,
    { operation: 'other', path, fields: checked.value, repeatable, verify: 'never' },
    requestOptions,
  )
}
