/** What the account may use. */
import type { RequestOptions } from '../client/internals.ts'
import { begin, noInput } from '../http/begin.ts'
import { postSigned } from '../http/post.ts'
import { isObject } from '../input/objects.ts'
import type { Client } from '../signature/credentials.ts'

export interface ProductsConfig {
  consentRequired: Record<string, string[]>
  idSelection: Record<string, Record<string, string[]>>
  [field: string]: unknown
}

/**
 * Which ID types the account may use, by product and country, and which of them need consent.
 *
 * @throws {SmileIdInputError} `invalid_input`: not a client, or wrong options.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`: where the reply is signed.
 */
export async function getProductsConfig(
  client: Client,
  options: RequestOptions = {},
): Promise<ProductsConfig> {
  const call = begin(client, options, noInput)
  const reply = await postSigned(
    call.internals,
    {
      operation: 'products_config',
      fields: {},
      verify: 'if-signed',
      isValid: ({ idSelection }) => isObject(idSelection),
    },
    call.options,
  )
  return reply as ProductsConfig
}

export interface ValidDocument {
  country: { name: string; continent: string; code: string }
  /** The last one of a country has an empty code: "Others". */
  id_types: { name: string; code: string; has_back: boolean; example?: string[] }[]
}

/**
 * Which documents can be verified, by country.
 *
 * @throws {SmileIdInputError} `invalid_input`: not a client, or wrong options.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`: where the reply is signed.
 */
export async function getValidDocuments(
  client: Client,
  options: RequestOptions = {},
): Promise<ValidDocument[]> {
  const call = begin(client, options, noInput)
  const reply = await postSigned(
    call.internals,
    {
      operation: 'valid_documents',
      fields: {},
      verify: 'if-signed',
      isValid: ({ valid_documents }) => Array.isArray(valid_documents),
    },
    call.options,
  )
  return reply.valid_documents as ValidDocument[]
}
