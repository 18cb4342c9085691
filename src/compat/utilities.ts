/** The class `Utilities` of both old SDKs. */
import { type ClientInternals, internalsOf } from '../client/internals.ts'
import { membersOf } from '../input/objects.ts'
import { readStatus } from '../job-status/status.ts'
import { getServices, type Services } from '../services/document.ts'
import type { Client } from '../signature/credentials.ts'
import { copyOf, optionsOf } from './arguments.ts'
import { type CompatExtras, type Connect, connector, type Scheme } from './client.ts'
import { schemeOf } from './dialect.ts'
import { withAxiosErrors } from './errors.ts'
import { jobQueryOf } from './job-query.ts'
import { mistake } from './mistake.ts'
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
    this.#connect = connector({ partnerId: partner_id, apiKey: api_key, server: sid_server, extras })
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
    const isPythonForm = typeof first === 'object' && first !== null
    return withAxiosErrors(async () => {
      const status = isPythonForm
        ? await this.#statusInPython(copyOf(first, 'partner_params'), {
            options: optionsOf(second),
            secParams: copyOf(third, 'sec_params'),
          })
        : await this.#statusInJavaScript(copyOf({ user_id: first, job_id: second }, 'ids'), optionsOf(third))
      return status as T
    })
  }

  async #statusInJavaScript(job: object, options: unknown): Promise<unknown> {
    const client = this.#connect(schemeOf(membersOf(options), 'javascript'))
    return readStatus(internalsOf(client), jobQueryOf(job, options), {})
  }

  async #statusInPython(
    partnerParams: object,
    { options, secParams }: { options: unknown; secParams: unknown },
  ): Promise<unknown> {
    const pair = secParams ? pairIn(membersOf(secParams)) : undefined
    checkParams({ job_type: 1, ...partnerParams })
    const scheme = pair ? pair.scheme : schemeOf(membersOf(options), 'python')
    const internals: ClientInternals = { ...internalsOf(this.#connect(scheme)) }
    if (pair) internals.prove = async () => pair.fields
    return readStatus(internals, jobQueryOf(partnerParams, options), {})
  }

  /** Throws for partner params that smile_id_core would refuse, naming every problem. */
  static validate_partner_params(partner_params: unknown): void {
    checkParams(copyOf(partner_params, 'partner_params'))
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
    return withAxiosErrors(async () =>
      checkIdParams(unsignedClient(sid_server, extras), {
        id_info: copyOf(id_info, 'id_info'),
        partner_params: copyOf(partner_params, 'partner_params'),
        useServices: use_validation_api,
      }),
    )
  }

  /** The services document, which needs no signature. */
  static get_smile_id_services(sid_server: string | number, extras?: CompatExtras): Promise<Services> {
    return withAxiosErrors(async () => getServices(unsignedClient(sid_server, extras)))
  }
}

/** For calls that need no signature. */
function unsignedClient(server: string | number, extras: CompatExtras | undefined): Client {
  return connector({ partnerId: '0', apiKey: 'none', server, extras })()
}

/** A pair that was made elsewhere, as it is sent, and how the reply to it is signed. */
interface GivenPair {
  scheme: Scheme
  fields: Record<string, string | number>
}

function pairIn({ timestamp, sec_key, signature }: Record<string, any>): GivenPair {
  if (!timestamp || !(sec_key || signature)) {
    throw mistake('sec_params', 'sec_params needs timestamp and sec_key or signature')
  }
  if (sec_key) return { scheme: 'sec_key', fields: { timestamp, sec_key } }
  return { scheme: 'signature', fields: { timestamp, signature } }
}
