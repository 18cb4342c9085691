/** The calls that all lookups make. */
import { callbackUrlIssues } from '../client/addresses.ts'
import { checkRequestOptions } from '../client/input.ts'
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import { isResultOf, postSigned } from '../http/post.ts'
import type { Checked } from '../input/schema.ts'
import type { Client } from '../signature/credentials.ts'
import { type V1Operation, SOURCE } from '../wire/endpoints.ts'
import { JOB_TYPE, jobRef, type PartnerParams, type SubmittedJob, type WithCallback } from '../wire/jobs.ts'
import {
  checkBusinessJob,
  checkIdJob,
  checkVerifyOptions,
  type ConsentInformation,
  type LookupRules,
  type VerifyOptions,
} from './input.ts'
import { isSuccess } from './success.ts'

export interface LookupKind {
  jobType: 5 | 7
  /** With the result in the reply. */
  now: V1Operation
  /** With the result by callback. */
  submitted: V1Operation
  /** In the services document; without one, ID lookups in general. */
  product?: string
  comparesNames?: boolean
}

export const ENHANCED_KYC: LookupKind = {
  jobType: 5,
  now: 'id_verification',
  submitted: 'async_id_verification',
}
export const BASIC_KYC: LookupKind = {
  jobType: 5,
  now: 'verify',
  submitted: 'verify_async',
  product: 'basic_kyc',
  comparesNames: true,
}
export const BUSINESS: LookupKind = {
  jobType: 7,
  now: 'business_verification',
  submitted: 'async_business_verification',
}

/** The members that jobs of both types have. */
interface LookupJob {
  partner_params: PartnerParams
  id_info: object
  consent_information?: ConsentInformation | undefined
}

/** Resolves to the result. */
export async function lookUpNow<Result>(
  client: Client,
  kind: LookupKind,
  job: LookupJob,
  options: VerifyOptions,
): Promise<Result> {
  const internals = internalsOf(client)
  const given = checkOptions(kind, options)
  const checked = checkJob(kind, job, { submitted: false, services: given.value.services })
  throwIfAny([...checked.issues, ...given.issues])
  const ref = jobRef(checked.value.partner_params)
  const reply = await postSigned(
    internals,
    {
      operation: kind.now,
      fields: lookupFields(kind, checked.value),
      job: ref,
      isValid: (received) => isResultOf(ref, received),
    },
    given.value,
  )
  return reply as Result
}

/** Resolves once the job is accepted: the result comes by callback. */
export async function submitLookup(
  client: Client,
  kind: LookupKind,
  job: LookupJob & WithCallback,
  options: VerifyOptions,
): Promise<SubmittedJob> {
  const internals = internalsOf(client)
  const given = checkOptions(kind, options)
  const checked = checkJob(kind, job, { submitted: true, services: given.value.services })
  throwIfAny([
    ...checked.issues,
    ...callbackUrlIssues(internals, checked.value.callback_url, { needed: true }),
    ...given.issues,
  ])
  const ref = jobRef(checked.value.partner_params)
  const callback_url = checked.value.callback_url ?? internals.callbackUrl
  await postSigned(
    internals,
    {
      operation: kind.submitted,
      fields: Object.assign(lookupFields(kind, checked.value), { callback_url }),
      job: ref,
      verify: 'never',
      isValid: isSuccess,
    },
    given.value,
  )
  return { success: true, ...ref }
}

function checkJob(
  { jobType, product, comparesNames }: LookupKind,
  job: unknown,
  { submitted, services }: Pick<LookupRules, 'submitted' | 'services'>,
): Checked<LookupJob & WithCallback> {
  if (jobType === JOB_TYPE.BUSINESS_VERIFICATION) return checkBusinessJob(job, { submitted })
  return checkIdJob(job, { submitted, product, services, comparesNames })
}

/** Businesses are not in the services document. */
function checkOptions({ jobType }: LookupKind, options: unknown): Checked<VerifyOptions> {
  if (jobType === JOB_TYPE.BUSINESS_VERIFICATION) return checkRequestOptions(options)
  return checkVerifyOptions(options)
}

/**
 * The members of `id_info` are sent beside those of the job, and replace none of them. Assigned, not spread:
 * V8 takes forty times as long for a literal that goes on behind a spread.
 */
function lookupFields({ jobType }: LookupKind, job: LookupJob): object {
  const { partner_params, id_info, consent_information } = job
  return Object.assign({}, id_info, SOURCE, {
    partner_params: Object.assign({}, partner_params, { job_type: jobType }),
    consent_information,
  })
}
