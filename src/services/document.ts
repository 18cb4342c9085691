/** `GET /v1/services`, the answer kept by each client for as long as the caller says. */
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import { send } from '../http/send.ts'
import { isObject, membersOf } from '../input/objects.ts'
import { requestsShareWork } from '../platform/runtime.ts'
import { attempt } from '../platform/realms.ts'
import { orAborted, throwIfAborted } from '../platform/time.ts'
import type { Client } from '../signature/credentials.ts'
import { checkServicesOptions, type ServicesOptions } from './input.ts'

export interface ServiceIdType {
  label: string
  required_fields?: string[]
  /** As the service writes it, at times with a literal `/i` at its end: use {@link idNumberFormat}. */
  id_number_regex?: string
  /** An ID number for the sandbox environment. */
  test_data?: string
}

/** The services document. One copy is handed to all: read it, do not change it. */
export interface Services {
  /** Required fields by country and ID type. */
  id_types: Record<string, Record<string, string[]>>
  bank_codes: { name: string; code: string; [field: string]: unknown }[]
  /** By product and country. */
  hosted_web: Record<string, Record<string, { name: string; id_types: Record<string, ServiceIdType> }>>
  [field: string]: unknown
}

const DEFAULT_MAX_AGE_MS = 3_600_000
const MAX_REPLY_BYTES = 16_777_216

interface Cached {
  services?: Services
  /** When the document was received, in milliseconds since 1970. */
  receivedAt: number
  /** The request that is on its way, if one is. */
  pending?: Promise<Services> | undefined
}

/** By client, so that two hosts never mix. */
const cache = /* @__PURE__ */ new WeakMap<Client, Cached>()

/**
 * Reads the services document, once per `maxAgeMs` and client however many ask for it at the same time.
 *
 * It needs no signature and bills nothing. The copy belongs to the client: keep one. Calls that come while a
 * request is on its way wait for that one, within its timeout; an abort ends the caller's own wait, not that
 * of others. In Workers, where requests cannot wait for each other, each asks for itself until one has the
 * answer.
 *
 * @throws {SmileIdInputError} `invalid_input`: not a client, or wrong options.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @see https://docs.usesmileid.com/integration-options/rest-api/utilities
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { getServices, listIdTypes } from 'smileid-edge/services'
 *
 * export const choices = async (client: Client) =>
 *   listIdTypes(await getServices(client), 'NG', 'enhanced_kyc')
 * ```
 */
export async function getServices(client: Client, options: ServicesOptions = {}): Promise<Services> {
  const internals = internalsOf(client)
  const given = checkServicesOptions(options)
  throwIfAny(given.issues)
  const { maxAgeMs = DEFAULT_MAX_AGE_MS, signal, ...limits } = given.value
  throwIfAborted(signal)
  const cached = cachedFor(client)
  const ageMs = Math.abs(internals.now() - cached.receivedAt)
  if (cached.services && maxAgeMs > 0 && ageMs <= maxAgeMs) return cached.services

  // In a Worker, a request must not wait for what another one began: once that one has ended, it would wait
  // for ever.
  if (!requestsShareWork()) return readServices(internals, cached, { ...limits, signal })
  cached.pending ??= readServices(internals, cached, limits).finally(() => {
    cached.pending = undefined
  })
  const { pending } = cached
  return orAborted(() => pending, signal)
}

function cachedFor(client: Client): Cached {
  const known = cache.get(client)
  if (known) return known
  const made: Cached = { receivedAt: -Infinity }
  cache.set(client, made)
  return made
}

async function readServices(
  internals: ClientInternals,
  cached: Cached,
  options: RequestOptions,
): Promise<Services> {
  const reply = await send(
    internals,
    {
      operation: 'services',
      method: 'GET',
      maxReplyBytes: MAX_REPLY_BYTES,
      body: async () => ({}),
      isValid: isServices,
    },
    options,
  )
  cached.services = reply as Services
  cached.receivedAt = internals.now()
  return cached.services
}

/** What is said of anything else in its place. */
export const NO_SERVICES = 'must be what getServices resolves to'

/** Whether it can be a services document. */
export function isServices(value: unknown): value is Services {
  return (
    attempt(() => {
      const { id_types, hosted_web } = membersOf(value)
      return isObject(id_types) && isObject(hosted_web)
    }) ?? false
  )
}
