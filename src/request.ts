/**
 * Endpoints that this version has no function for.
 *
 * @module
 */
import { requestOptionEntries } from './client/input.ts'
import { internalsOf, type RequestOptions } from './client/internals.ts'
import { issue, throwIfAny, wrongType } from './errors/issues.ts'
import { postSigned } from './http/post.ts'
import { isObject } from './input/objects.ts'
import { flag } from './input/rules.ts'
import { issuesOf, objectOf, once, optional } from './input/schema.ts'
import type { Client } from './signature/credentials.ts'

export interface SignedRequestOptions extends RequestOptions {
  /** A repeat bills nothing and uses nothing up. @default false */
  repeatable?: boolean | undefined
}

const signedRequestOptions = /* @__PURE__ */ once(() =>
  objectOf<SignedRequestOptions>({ ...requestOptionEntries(), repeatable: optional(flag()) }),
)

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
  const issues = issuesOf(signedRequestOptions(), options ?? {}, 'options')
  if (!PATH.test(path)) issues.push(issue('path', 'wrong_format', 'must be a path such as /v1/name'))
  if (!isObject(fields)) issues.push(wrongType('fields', 'must be an object'))
  throwIfAny(issues)
  const { repeatable = false, ...requestOptions } = options ?? {}
  return postSigned(
    internals,
    { operation: 'other', path, fields, repeatable, verify: 'never' },
    requestOptions,
  )
}
