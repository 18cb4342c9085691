/** AML: what lists say about a name. */
import { isResultOf, postSigned } from '../http/post.ts'
import type { RequestOptions } from '../client/internals.ts'
import { flatIssues } from '../input/flat.ts'
import type { Country } from '../wire/id-types.ts'
import { issue } from '../errors/issues.ts'
import { members } from '../input/objects.ts'
import { FLAG, OBJECT } from '../input/rules.ts'
import type { AmlResult } from '../wire/replies.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { type JobRef, jobRef } from '../wire/jobs.ts'
import { begin } from '../http/begin.ts'
import { countryIssues } from '../input/texts.ts'
import type { Client } from '../signature/credentials.ts'

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
 * What was found stands in `people`; `interpretResult` calls every such reply `'unknown'`, since a hit is for
 * a person to judge.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { screenAml } from 'smileid-edge/id-verification'
 *
 * export const hits = async (client: Client, job_id: string) =>
 *   (
 *     await screenAml(client, {
 *       user_id: 'user-1',
 *       job_id,
 *       full_name: 'Leo Joe Doe',
 *       countries: ['NG'],
 *       birth_year: '2000',
 *     })
 *   ).people?.length ?? 0
 * ```
 */
export async function screenAml(
  client: Client,
  job: AmlJob,
  options: RequestOptions = {},
): Promise<AmlResult> {
  const issues = flatIssues(
    job,
    ['user_id', 'job_id', 'full_name'],
    [],
    {
      aliases: [
        (aliases) => Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string' && alias),
        'must be a list of texts',
      ],
      birth_year: [
        (year) => typeof year === 'string' && /^\d{4}$/.test(year),
        'must be a year as text, yyyy',
        'wrong_format',
      ],
      search_existing_user: FLAG,
      strict_match: FLAG,
      partner_params: OBJECT,
    },
    ['countries'],
  )
  const { countries } = members(job)
  if (!Array.isArray(countries) || !countries.length)
    issues.push(
      issue(
        'countries',
        countries === undefined ? 'missing' : 'wrong_type',
        'must be a list of at least one country',
      ),
    )
  else issues.push(...countries.flatMap((country, index) => countryIssues(`countries[${index}]`, country)))
  const internals = begin(client, options, issues)
  const about = jobRef(job)
  return (await postSigned(
    internals,
    'aml',
    { ...SOURCE, ...job, job_type: 10 },
    { job: about, check: (reply) => isResultOf(about, reply) },
    options,
  )) as unknown as AmlResult
}
