/** Lookups of people and businesses, as both old SDKs sent them. */
import { internalsOf } from '../client/internals.ts'
import { isResultOf, postSigned, type SignedPost } from '../http/post.ts'
import { type Members } from '../input/objects.ts'
import { type V1Operation, SOURCE } from '../wire/endpoints.ts'
import { textOf } from './arguments.ts'
import { checkLookup } from './checks.ts'
import type { Connect } from './client.ts'
import { type Dialect, schemeOf, usesValidationApi } from './dialect.ts'
import type { OldIdInfo, OldPartnerParams } from './types.ts'
import { checkIdParams } from './validation.ts'

export interface OldLookup {
  partner_params: OldPartnerParams
  id_info: OldIdInfo | null | undefined
  /** The argument `use_validation_api`. */
  useValidationApi?: unknown
  options?: Members
  /** Set when the result comes there, if anywhere, instead of being the reply. */
  later?: { callback_url: string | undefined }
  dialect: Dialect
}

/** By job type. */
const OPERATIONS: Readonly<Record<number, { now: V1Operation; later: V1Operation }>> = {
  5: { now: 'id_verification', later: 'async_id_verification' },
  7: { now: 'business_verification', later: 'async_business_verification' },
}

export async function submitLookup(connect: Connect, lookup: OldLookup): Promise<any> {
  const { partner_params, id_info, useValidationApi, options = {}, later, dialect } = lookup
  const operations = OPERATIONS[checkLookup(partner_params, id_info)]!
  const client = connect(schemeOf(options, dialect))
  if (usesValidationApi(useValidationApi, options, dialect)) {
    await checkIdParams(client, { id_info, partner_params, useServices: true })
  }
  const { user_id, job_id } = partner_params
  const job = { user_id: textOf(user_id), job_id: textOf(job_id) }
  const fields: Members = { ...id_info, ...SOURCE, partner_params }
  const call: SignedPost = { operation: operations.now, fields, job }
  if (later) {
    if (later.callback_url) fields.callback_url = later.callback_url
    call.operation = operations.later
    call.verify = 'never'
  } else {
    call.isValid = (reply) => isResultOf(job, reply)
  }
  return postSigned(internalsOf(client), call, {})
}
