/** The defaults of smile-identity-core (JavaScript) and smile_id_core (Python), where they differ. */
import type { Members } from '../input/objects.ts'
import type { Scheme } from './client.ts'

/** Whose call it is: calls by a name, or of a shape, that only smile_id_core had keep its defaults. */
export type Dialect = 'javascript' | 'python'

/** Python's calls carried a sec_key unless they were told not to, JavaScript's an HMAC. */
export function schemeOf({ signature }: Members, dialect: Dialect): Scheme {
  if (signature === false) return 'sec_key'
  if (dialect === 'javascript' || signature === true) return 'signature'
  return 'sec_key_if_possible'
}

/**
 * Whether ID info is checked against the services document first: as the argument says, or else the options,
 * or else for Python's calls alone.
 */
export function usesValidationApi(argument: unknown, options: Members, dialect: Dialect): boolean {
  return Boolean(argument ?? options.use_validation_api ?? dialect === 'python')
}
