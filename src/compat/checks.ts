/**
 * What smile-identity-core 3.2.1 refuses, in its order and in its words: the first mistake alone, as old code
 * and its tests expect. Image jobs have a file of their own.
 */
import type { SmileIdInputError } from '../errors/classes.ts'
import { type Members, membersOf } from '../input/objects.ts'
import { textOf } from './arguments.ts'
import { mistake } from './mistake.ts'

export function checkPartnerParams(params: unknown): void {
  if (!params) throw mistake('partner_params', 'Please ensure that you send through partner params')
  if (typeof params !== 'object') {
    throw mistake('partner_params', 'Partner params needs to be an object', 'wrong_type')
  }
  for (const name of ['user_id', 'job_id', 'job_type']) {
    if (!(params as Members)[name]) throw missingParam(name)
  }
}

export function missingParam(name: string): SmileIdInputError {
  return mistake(`partner_params.${name}`, `Please make sure that ${name} is included in the partner params`)
}

/**
 * A whole number, also of text; NaN for anything else, of which the original read as much as was a number
 * ("5abc").
 */
export function jobTypeOf(params: unknown): number {
  const text = textOf(membersOf(params).job_type)
  return /^\s*\d+\s*$/.test(text) ? Number(text) : NaN
}

/** Whether a job is a lookup of a person (5) or a business (7). */
export function isLookup(jobType: number): boolean {
  return jobType === 5 || jobType === 7
}

/** Of a lookup; returns the job type. */
export function checkLookup(params: unknown, idInfo: unknown): number {
  checkPartnerParams(params)
  const jobType = jobTypeOf(params)
  if (!isLookup(jobType)) {
    throw mistake(
      'partner_params.job_type',
      'Please ensure that you are setting your job_type to 5 or 7 to query ID Api',
      'not_allowed',
    )
  }
  if (typeof idInfo !== 'object') throw mistake('id_info', 'ID Info needs to be an object', 'wrong_type')
  if (!idInfo || !Object.keys(idInfo).length) {
    throw mistake('id_info', 'Please make sure that id_info not empty or nil')
  }
  if (isEmpty((idInfo as Members).id_number)) {
    throw mistake('id_info.id_number', 'Please provide an id_number in the id_info payload')
  }
  return jobType
}

/** Of a web token; returns its callback URL. */
export function checkTokenRequest(request: unknown, defaultCallback: unknown): string {
  if (!request) throw mistake('request', 'Please ensure that you send through request params')
  if (typeof request !== 'object') {
    throw mistake('request', 'Request params needs to be an object', 'wrong_type')
  }
  const given = request as Members
  const callback = given.callback_url || defaultCallback
  if (typeof callback !== 'string' || !callback) {
    throw mistake('request.callback_url', 'Callback URL is required for this method')
  }
  for (const name of ['user_id', 'job_id', 'product']) {
    if (!given[name]) throw mistake(`request.${name}`, `${name} is required to get a web token`)
  }
  return callback
}

/** What would poll for ever, or without a pause. */
export function checkPolling(plan: { maxRetries: unknown; timeout: unknown }): void {
  for (const [name, value] of Object.entries(plan)) {
    if (typeof value !== 'number' || !(value >= 0)) {
      throw mistake(name, `${name} needs to be a number`, 'wrong_type')
    }
  }
}

/** As the original took it. */
export function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0)
}
