/**
 * What the service supports, as v3 says it.
 *
 * @module
 */
import { requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { membersOf } from '../input/objects.ts'
import { countryCode, filledText, milliseconds, oneOf } from '../input/rules.ts'
import { check, type Checked, objectOf, once, optional, type Schema } from '../input/schema.ts'
import { isArray } from '../platform/realms.ts'
import { begin } from './http/begin.ts'
import type { V3Reply } from './http/exchange.ts'
import { lookUp } from './services/kept.ts'
import type { V3Client } from './wire/clients.ts'
import {
  BANK_CODES,
  ID_STATUS,
  SUPPORTED_DOCUMENTS,
  SUPPORTED_ID_TYPES,
  type V3Endpoint,
} from './wire/operations.ts'
import type { BankCode, IdStatus, SupportedDocuments, SupportedIdTypes } from './wire/services.ts'

export type {
  BankCode,
  IdStatus,
  SupportedDocuments,
  SupportedIdType,
  SupportedIdTypes,
} from './wire/services.ts'
export type { TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'

/** Replies are kept per host and query; one copy is handed to all: read it, do not change it. */
export interface LookupOptions extends RequestOptions {
  /**
   * Milliseconds for which an earlier reply is good enough; 0 always asks.
   *
   * @default 3_600_000; 60_000 of `getIdStatus`
   */
  maxAgeMs?: number | undefined
}

export interface BankCodes {
  bank_codes: BankCode[]
  [field: string]: unknown
}

export interface CountryQuery {
  /** ISO 3166-1 alpha-2. @default all */
  country?: string | undefined
}

export interface DocumentsQuery {
  continent?: 'AFRICA' | 'ASIA' | 'EUROPE' | 'NORTH AMERICA' | 'OCEANIA' | 'SOUTH AMERICA' | undefined
  /** ISO 3166-1 alpha-2. @default all */
  country_code?: string | undefined
  /** Of the names of documents. @default 'en-GB' */
  locale?: 'en-GB' | 'fr-FR' | 'ar-EG' | undefined
}

export interface IdStatusQuery {
  /** Code or English name. */
  country: string
  id_type: string
}

const lookupOptions = /* @__PURE__ */ once(() =>
  objectOf<LookupOptions>({ ...requestOptionEntries(), maxAgeMs: optional(milliseconds(0)) }),
)

function readLookupOptions(options: unknown): Checked<LookupOptions> {
  return check(lookupOptions(), options ?? {}, 'options')
}

const countryQuery = /* @__PURE__ */ once(() => objectOf<CountryQuery>({ country: optional(countryCode()) }))

const documentsQuery = /* @__PURE__ */ once(() =>
  objectOf<DocumentsQuery>({
    continent: optional(oneOf('AFRICA', 'ASIA', 'EUROPE', 'NORTH AMERICA', 'OCEANIA', 'SOUTH AMERICA')),
    country_code: optional(countryCode()),
    locale: optional(oneOf('en-GB', 'fr-FR', 'ar-EG')),
  }),
)

const idStatusQuery = /* @__PURE__ */ once(() =>
  objectOf<IdStatusQuery>({ country: filledText(), id_type: filledText() }),
)

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

interface Asked<Q> {
  endpoint: V3Endpoint
  schema: Schema<Q>
  query: unknown
  isValid(reply: V3Reply): boolean
  /** How long replies are good by default. */
  goodForMs?: number
}

async function ask<T extends object, Q extends object>(
  client: V3Client,
  { endpoint, schema, query, isValid, goodForMs = HOUR_MS }: Asked<Q>,
  options: LookupOptions,
): Promise<T> {
  const checkQuery = () => check(schema, membersOf(query))
  const call = begin(client, checkQuery, readLookupOptions(options))
  const { maxAgeMs = goodForMs, ...limits } = call.options
  return lookUp<T>(call.caller, { endpoint, query: call.input, isValid, maxAgeMs }, limits)
}

/** That the member is a list; of what, only newer versions of the API may know. */
function hasList(name: string): (reply: V3Reply) => boolean {
  return ({ members }) => isArray(members[name])
}

/**
 * Reads the codes of banks, for `bank_code` of BANK_ACCOUNT. Needs no token, bills nothing.
 *
 * Callers who ask the same at the same time share one request, where the runtime lets them (not in Workers).
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden` (an address that is blocked), `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { getBankCodes, type V3Client } from 'smileid-edge/v3/services'
 *
 * export const banks = async (client: V3Client) =>
 *   (await getBankCodes(client, { country: 'NG' })).bank_codes.map(({ name, code }) => ({ name, code }))
 * ```
 */
export async function getBankCodes(
  client: V3Client,
  query: CountryQuery = {},
  options: LookupOptions = {},
): Promise<BankCodes> {
  const isValid = hasList('bank_codes')
  return ask(client, { endpoint: BANK_CODES, schema: countryQuery(), query, isValid }, options)
}

/**
 * Reads the ID types that lookups know, for forms and for the option `idTypes` of those lookups. Needs no
 * token, bills nothing. Calls are shared as those of {@link getBankCodes}.
 *
 * @throws as {@link getBankCodes}
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { type EnhancedKyc, submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
 * import { getSupportedIdTypes } from 'smileid-edge/v3/services'
 *
 * export const submitChecked = async (client: Client, input: EnhancedKyc) =>
 *   submitEnhancedKyc(client, input, { idTypes: await getSupportedIdTypes(client) })
 * ```
 */
export async function getSupportedIdTypes(
  client: V3Client,
  query: CountryQuery = {},
  options: LookupOptions = {},
): Promise<SupportedIdTypes> {
  const isValid = hasList('id_types')
  return ask(client, { endpoint: SUPPORTED_ID_TYPES, schema: countryQuery(), query, isValid }, options)
}

/**
 * Reads the documents that can be verified, and which of them have a back. Needs no token, bills nothing.
 * Calls are shared as those of {@link getBankCodes}.
 *
 * @throws {SmileIdApiError} `invalid_request`, and what {@link getBankCodes} rejects with
 *
 * @example
 * ```ts
 * import { getSupportedDocuments, type V3Client } from 'smileid-edge/v3/services'
 *
 * export async function hasBack(client: V3Client, country_code: string, code: string): Promise<boolean> {
 *   const { valid_documents } = await getSupportedDocuments(client, { country_code })
 *   const types = valid_documents.flatMap(({ id_types }) => id_types)
 *   return types.some((type) => type.code === code && type.has_back)
 * }
 * ```
 */
export async function getSupportedDocuments(
  client: V3Client,
  query: DocumentsQuery = {},
  options: LookupOptions = {},
): Promise<SupportedDocuments> {
  const isValid = hasList('valid_documents')
  return ask(client, { endpoint: SUPPORTED_DOCUMENTS, schema: documentsQuery(), query, isValid }, options)
}

/**
 * Says how an ID type's authority answered in the last hour; kept for a minute by default. Bills nothing.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `invalid_request` (a country or type that is not there, or of which nothing is
 * known), `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { getIdStatus, type V3Client } from 'smileid-edge/v3/services'
 *
 * export const isOnline = async (client: V3Client, id_type: string) =>
 *   (await getIdStatus(client, { country: 'NG', id_type })).last_known_status === 'online'
 * ```
 */
export async function getIdStatus(
  client: V3Client,
  query: IdStatusQuery,
  options: LookupOptions = {},
): Promise<IdStatus> {
  return ask(
    client,
    { endpoint: ID_STATUS, schema: idStatusQuery(), query, isValid: isStatus, goodForMs: MINUTE_MS },
    options,
  )
}

function isStatus({ members }: V3Reply): boolean {
  const { last_check_status, last_known_status } = members
  return typeof last_check_status === 'string' && typeof last_known_status === 'string'
}
