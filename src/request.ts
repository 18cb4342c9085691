/**
 * Endpoints that this version has no function for.
 *
 * @module
 */
import { postSigned } from './http/post.ts'
import { internalsOf, type RequestOptions } from './client/internals.ts'
import { issue, throwIfAny, wrongType } from './errors/issues.ts'
import { isObject } from './input/objects.ts'
import { FLAG, optionIssues } from './input/rules.ts'
import type { Client } from './signature/credentials.ts'

export interface SignedRequestOptions extends RequestOptions {
  /** A repeat bills nothing and uses nothing up. @default false */
  repeatable?: boolean | undefined
}

/**
 * Signs fields in the body and posts them to a path of the API, and resolves to the reply as it is; whether
 * it is signed is for you to check.
 *
 * Never repeated unless `repeatable`, but for what is certain not to have been acted on.
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
  const issues = optionIssues(options, { repeatable: FLAG })
  if (!/^\/v\d+(\/\w[\w-]*)+$/.test(path))
    issues.push(issue('path', 'wrong_format', 'must be a path such as /v1/name'))
  if (!isObject(fields)) issues.push(wrongType('fields', 'must be an object'))
  throwIfAny(issues)
  const { repeatable = false, ...limits } = options ?? {}
  return postSigned(internals, 'other', fields, { path, repeatable, verify: 'never' }, limits)
}
