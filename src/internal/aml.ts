/** AML: what lists say about a name. */
import { confirmResult, post } from './call.ts'
import type { Client, RequestOptions } from './core.ts'
import type { JobRef } from './errors.ts'
import { begin, flatIssues } from './flat-input.ts'
import type { Country } from './id-types.ts'
import { members } from './members.ts'
import type { AmlResult } from './replies.ts'
import { SOURCE } from './tables.ts'

export interface AmlJob extends JobRef {
  full_name: string
  /** Where the person has lived or does business. */
  countries: readonly Country[]
  /** `yyyy` */
  birth_year?: string | undefined
  aliases?: readonly string[] | undefined
  search_existing_user?: boolean | undefined
  /** @default true, at the service */
  strict_match?: boolean | undefined
  partner_params?: Record<string, any> | undefined
}

/**
 * AML: searches sanction lists, politically exposed persons and adverse media for a name.
 *
 * What was found stands in `people`; `interpretResult` calls every such reply `'unknown'`, since a hit is for a person to judge.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { screenAml } from 'smileid-edge/id-verification'
 *
 * export const hits = async (client: Client, job_id: string) =>
 *   (await screenAml(client, { user_id: 'user-1', job_id, full_name: 'Leo Joe Doe', countries: ['NG'], birth_year: '2000' })).people?.length ?? 0
 * ```
 */
export async function screenAml(client: Client, job: AmlJob, options: RequestOptions = {}): Promise<AmlResult> {
  const issues = flatIssues(job, ['user_id', 'job_id', 'full_name'], ['birth_year'], ['countries', 'aliases', 'search_existing_user', 'strict_match', 'partner_params'])
  const { countries, aliases = [], birth_year, search_existing_user, strict_match, partner_params = {} } = members(job)
  if (members(partner_params) !== partner_params) issues.push({ path: 'partner_params', code: 'wrong_type', message: 'must be an object' })
  if (!Array.isArray(countries) || !countries.length) issues.push({ path: 'countries', code: countries === undefined ? 'missing' : 'wrong_type', message: 'must be a list of at least one country' })
  else countries.forEach((country, index) => (typeof country === 'string' && /^[A-Z]{2}$/.test(country)) || issues.push({ path: `countries[${index}]`, code: 'wrong_format', message: 'must be an ISO code of two capital letters' }))
  if (!Array.isArray(aliases) || aliases.some((alias) => typeof alias !== 'string' || !alias)) issues.push({ path: 'aliases', code: 'wrong_type', message: 'must be a list of texts' })
  if (birth_year !== undefined && !/^\d{4}$/.test(`${birth_year}`)) issues.push({ path: 'birth_year', code: 'wrong_format', message: 'must be a year, yyyy' })
  for (const [path, value] of Object.entries({ search_existing_user, strict_match })) if (value !== undefined && typeof value !== 'boolean') issues.push({ path, code: 'wrong_type', message: 'must be true or false' })
  const core = begin(client, options, issues)
  return (await post(core, 'aml', { ...SOURCE, ...job, job_type: 10 }, { job: { user_id: job.user_id, job_id: job.job_id }, check: confirmResult }, options)) as unknown as AmlResult
}
