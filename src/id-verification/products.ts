/** What the account may use. */
import { postSigned } from '../http/post.ts'
import type { RequestOptions } from '../client/internals.ts'
import { isObject } from '../input/objects.ts'
import { begin } from '../http/begin.ts'
import type { Client } from '../signature/credentials.ts'

export interface ProductsConfig {
  consentRequired: Record<string, string[]>
  idSelection: Record<string, Record<string, string[]>>
  [field: string]: unknown
}

/** Which ID types the account may use, by product and country, and which of them need consent. */
export async function getProductsConfig(
  client: Client,
  options: RequestOptions = {},
): Promise<ProductsConfig> {
  return (await postSigned(
    begin(client, options, []),
    'products_config',
    {},
    {
      verify: 'if-signed',
      check: ({ idSelection }) => isObject(idSelection),
    },
    options,
  )) as ProductsConfig
}

export interface ValidDocument {
  country: { name: string; continent: string; code: string }
  /** The last one of a country has an empty code: "Others". */
  id_types: { name: string; code: string; has_back: boolean; example?: string[] }[]
}

/** Which documents can be verified, by country. */
export async function getValidDocuments(
  client: Client,
  options: RequestOptions = {},
): Promise<ValidDocument[]> {
  const { valid_documents } = await postSigned(
    begin(client, options, []),
    'valid_documents',
    {},
    {
      verify: 'if-signed',
      check: (reply) => Array.isArray(reply.valid_documents),
    },
    options,
  )
  return valid_documents as ValidDocument[]
}
