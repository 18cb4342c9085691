/** smile_id_core's validations, which name every problem. */
import { throwIfAny } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { getServices } from '../services/document.ts'
import { validateIdInfo, validatePartnerParams } from '../services/validate.ts'
import type { Client } from '../signature/credentials.ts'
import { jobTypeOf } from './checks.ts'

interface GivenIdParams {
  id_info: unknown
  partner_params: unknown
  /** Whether they are also checked against the services document. */
  useServices: boolean
}

/** Asks for the services document only when there is something to check against it. */
export async function checkIdParams(client: Client, given: GivenIdParams): Promise<void> {
  const { id_info, partner_params, useServices } = given
  // A type may be text here, as in JavaScript.
  const job_type = jobTypeOf(partner_params)
  const input = { id_info, partner_params: { ...membersOf(partner_params), job_type } }
  throwIfAny(validateIdInfo(input))
  const hasIdNumber = Boolean(membersOf(id_info).entered)
  if (!useServices || (job_type !== 6 && !hasIdNumber)) return
  const services = await getServices(client)
  // smile_id_core did not look at the format of a number.
  throwIfAny(validateIdInfo(input, { services }).filter(({ code }) => code !== 'wrong_format'))
}

export function checkParams(partner_params: unknown): void {
  throwIfAny(validatePartnerParams(partner_params))
}
