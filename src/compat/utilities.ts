import { type ClientInternals, internalsOf } from '../client/internals.ts'
import { type JobQuery, readStatus } from '../job-status/status.ts'
import { getServices, type Services } from '../services/document.ts'
import { members } from '../input/objects.ts'
import { refusal } from './checks.ts'
import { asBefore, type CompatExtras, type Connect, connection, schemeOf } from './client.ts'
import type { OldIdInfo, OldOptions, OldPartnerParams, SecParams } from './types.ts'
import { checkIdParams, checkParams } from './validation.ts'

/**
 * Job status and, from smile_id_core, checks and the services document.
 *
 * @example
 * ```ts
 * import { Utilities } from 'smileid-edge/compat'
 *
 * export const status = (apiKey: string) =>
 *   new Utilities('085', apiKey, 0).get_job_status('user-1', 'job-1', { return_history: true })
 * ```
 */
export class Utilities {
  readonly #connect: Connect

  constructor(partner_id: string, api_key: string, sid_server: string | number, extras?: CompatExtras) {
    this.#connect = connection(partner_id, api_key, sid_server, extras)
  }

  /**
   * smile_id_core's form: signs with a sec_key, unless `options.signature` is true or the key is no RSA key,
   * or sends the pair in `sec_params` as it is.
   */
  get_job_status<T = any>(
    partner_params: Omit<OldPartnerParams, 'job_type'> & { job_type?: number },
    options?: OldOptions | null,
    sec_params?: SecParams | null,
  ): Promise<T>
  /** The job's status, its signature checked. */
  get_job_status<T = any>(
    user_id: string | number,
    job_id: string | number,
    options?: OldOptions | null,
  ): Promise<T>
  get_job_status<T = any>(first: unknown, second: unknown, third?: unknown): Promise<T> {
    return asBefore(async () => {
      const python = typeof first === 'object' && first !== null
      if (!python)
        return (await readStatus(
          internalsOf(this.#connect(schemeOf(members(third)))),
          questionOf({ user_id: first, job_id: second }, third),
          {},
        )) as T
      const pair = third ? pairOf(members(third)) : undefined
      checkParams({ job_type: 1, ...first })
      const scheme = pair
        ? 'signature' in pair
          ? 'signature'
          : 'sec_key'
        : schemeOf(members(second), { python: true })
      const internals: ClientInternals = {
        ...internalsOf(this.#connect(scheme)),
        ...(pair && { prove: async () => pair }),
      }
      return (await readStatus(internals, questionOf(first, second), {})) as T
    })
  }

  /** Throws for partner params that smile_id_core would refuse, naming every problem. */
  static validate_partner_params(partner_params: unknown): void {
    checkParams(partner_params)
  }

  /**
   * Rejects for ID info that smile_id_core would refuse; with `use_validation_api`, also against the services
   * document.
   *
   * `use_validation_api` is true by default, as its documentation has it (its code had false).
   */
  static validate_id_params(
    sid_server: string | number,
    id_info: OldIdInfo,
    partner_params: OldPartnerParams,
    use_validation_api = true,
    extras?: CompatExtras,
  ): Promise<void> {
    return asBefore(async () =>
      checkIdParams(unsigned(sid_server, extras)(), id_info, partner_params, use_validation_api),
    )
  }

  /** The services document, which needs no signature. */
  static get_smile_id_services(sid_server: string | number, extras?: CompatExtras): Promise<Services> {
    return asBefore(async () => getServices(unsigned(sid_server, extras)()))
  }
}

const unsigned = (sid_server: string | number, extras: CompatExtras | undefined): Connect =>
  connection('0', 'none', sid_server, extras)

/** What is asked of a job; ids that are numbers stay numbers. */
export function questionOf(job: unknown, options: unknown): JobQuery {
  const { user_id, job_id } = members(job)
  for (const [name, value] of Object.entries({ user_id, job_id }))
    if (!value)
      throw refusal(
        `partner_params.${name}`,
        `Please make sure that ${name} is included in the partner params`,
      )
  const { return_history, return_image_links, return_images = return_image_links } = members(options)
  return {
    user_id: user_id as string,
    job_id: job_id as string,
    history: !!return_history,
    image_links: !!return_images,
  }
}

function pairOf({ timestamp, sec_key, signature }: Record<string, unknown>): Record<string, string | number> {
  if (!timestamp || !(sec_key || signature))
    throw refusal('sec_params', 'sec_params needs timestamp and sec_key or signature')
  return {
    timestamp: timestamp as string,
    ...(sec_key ? { sec_key: sec_key as string } : { signature: signature as string }),
  }
}
