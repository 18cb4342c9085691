/**
 * `GET /v1/services`: what countries, ID types and fields the service knows, kept for as long as the caller
 * says.
 */
import { internalsOf, type RequestOptions } from '../client/internals.ts'
import { send } from '../http/send.ts'
import { throwIfAny } from '../errors/issues.ts'
import { isObject, members, own } from '../input/objects.ts'
import { duration, optionIssues } from '../input/rules.ts'
import { isWorkerd } from '../platform/runtime.ts'
import { orAborted } from '../platform/time.ts'
import type { Client } from '../signature/credentials.ts'

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

export interface ServicesOptions extends RequestOptions {
  /** Milliseconds for which an earlier answer is good enough; 0 always asks. @default 3_600_000 */
  maxAgeMs?: number | undefined
}

/** By client, so that two hosts never mix. */
const cache = /* @__PURE__ */ new WeakMap<
  Client,
  { at: number; services?: Services; flight?: Promise<Services> | undefined }
>()

/**
 * Reads the services document, once per `maxAgeMs` and client however many ask for it at the same time.
 *
 * It needs no signature and bills nothing. The copy belongs to the client: keep one. Who joins a request
 * under way is bound by its timeout; an abort ends the caller's own wait, not that of others. In Workers,
 * where requests cannot wait for each other, each asks for itself until one has the answer.
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
  throwIfAny(optionIssues(options, { maxAgeMs: duration(0) }))
  const { maxAgeMs = 3_600_000, signal, ...limits } = options ?? {}
  signal?.throwIfAborted()
  let entry = cache.get(client)
  if (!entry) cache.set(client, (entry = { at: -Infinity }))
  const kept = entry
  if (kept.services && maxAgeMs > 0 && Math.abs(internals.now() - kept.at) <= maxAgeMs) return kept.services
  // In a Worker, a request must not wait for what another request began: it would for ever, once that one has
  // ended.
  if (isWorkerd()) return ask({ ...limits, signal })
  const flight = (kept.flight ??= ask(limits).finally(() => (kept.flight = undefined)))
  return orAborted(() => flight, signal)

  async function ask(how: RequestOptions): Promise<Services> {
    kept.services = (await send(
      internals,
      {
        operation: 'services',
        method: 'GET',
        maxReplyBytes: 16_777_216,
        body: async () => ({}),
        check: isServices,
      },
      how,
    )) as Services
    kept.at = internals.now()
    return kept.services
  }
}

/** Whether it can be what the service says of itself. */
export function isServices(value: unknown): value is Services {
  const { id_types, hosted_web } = members(value)
  return isObject(id_types) && isObject(hosted_web)
}

/** The countries of a product (all that have ID types without one), by their codes. */
export function listCountries(services: Services, product?: string): string[] {
  return Object.keys(product === undefined ? services.id_types : (own(services.hosted_web, product) ?? {}))
}

/** The ID types of a country, for a product or for any. */
export function listIdTypes(services: Services, country: string, product?: string): string[] {
  return Object.keys(
    (product === undefined
      ? own(services.id_types, country)
      : own(own(services.hosted_web, product), country)?.id_types) ?? {},
  )
}

/**
 * What the service says about an ID type: of the product if one is named, else of the first product that has
 * it.
 */
export function describeIdType(
  services: Services,
  country: string,
  id_type: string,
  product?: string,
): ServiceIdType | undefined {
  const products = product === undefined ? Object.keys(services.hosted_web) : [product]
  const found = products
    .map((name) => own(own(own(services.hosted_web, name), country)?.id_types, id_type))
    .filter((entry) => entry !== undefined)
  return found.find(({ id_number_regex }) => id_number_regex) ?? found[0]
}

/** The fields that an ID type needs. */
export function requiredFields(
  services: Services,
  country: string,
  id_type: string,
  product?: string,
): string[] {
  return (
    (product === undefined
      ? own(own(services.id_types, country), id_type)
      : describeIdType(services, country, id_type, product)?.required_fields) ?? []
  )
}

/**
 * The format of an ID type's numbers, `undefined` if the service names none that works.
 *
 * Some patterns of the document end in a literal `/i`, which would match nothing: it is read as the flag that
 * was meant.
 */
export function idNumberFormat(
  services: Services,
  country: string,
  id_type: string,
  product?: string,
): RegExp | undefined {
  const pattern = describeIdType(services, country, id_type, product)?.id_number_regex
  if (!pattern) return undefined
  const [, body = '', flags] = /^\/?(.*?)(?:\/(i)?)?$/s.exec(pattern) ?? []
  try {
    return new RegExp(body, flags)
  } catch {
    return undefined
  }
}
