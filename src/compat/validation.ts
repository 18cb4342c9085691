import { inputError, throwIfAny } from '../errors/issues.ts'
import { getServices } from '../services/document.ts'
import { members } from '../input/objects.ts'
import { validateIdInfo, validatePartnerParams } from '../services/validate.ts'
import { jobTypeOf } from './checks.ts'
import type { Client } from '../signature/credentials.ts'

/** Rejects with every problem. The document is asked for only when there is something to check against it. */
export async function checkIdParams(
  client: Client,
  id_info: unknown,
  partner_params: unknown,
  useServices: boolean,
): Promise<void> {
  // A type may be text here, as in JavaScript.
  const job_type = jobTypeOf(partner_params)
  const input = { id_info, partner_params: { ...members(partner_params), job_type } }
  throwIfAny(validateIdInfo(input))
  if (!useServices || (job_type !== 6 && !members(id_info).entered)) return
  const services = await getServices(client)
  // The format of a number was not looked at.
  const more = validateIdInfo(input, { services }).filter(({ code }) => code !== 'wrong_format')
  if (more.length) throw inputError(more)
}

export function checkParams(partner_params: unknown): void {
  throwIfAny(validatePartnerParams(partner_params))
}
