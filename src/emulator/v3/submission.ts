/** What is submitted: values of the token and of the body, and what is common to all products. */
import { membersOf } from '../../input/objects.ts'
import type { JsonObject } from '../model.ts'
import type { Outcome } from './identities.ts'
import type { V3Answer, V3Call, V3State } from './model.ts'
import { isTextRecord } from './shapes.ts'
import { boundValues } from './tokens.ts'

/** What is wrong with a submission, if anything. */
export type Check = (submission: Submission) => V3Answer | undefined

/** What an operation asks for, and what comes of it. */
export interface SubmissionRules {
  /** As callbacks name it. */
  product: string
  /** What it takes from a token. */
  bindable: readonly string[]
  /** In the order in which they are looked at. */
  checks: readonly Check[]
  /** Whether its result goes to a callback URL. */
  delivery: 'callback' | 'reply'
  /** How a job ends that is rejected. */
  rejection: Outcome
  /** What spoils a job that would be clear: unusable images, a user whom nobody knows. */
  judge?(submission: Submission): Outcome | undefined
  /** Whether its body may name a user. @default true */
  userInBody?: boolean
  /** Whether `sandbox_result` forces how its jobs end. @default false */
  takesSandboxResult?: boolean
  /** The members of the result beside those that all products have. */
  details(submission: Submission, outcome: Outcome): JsonObject
  /** What a clear job does to its user. */
  enrols?(submission: Submission, user_id: string): boolean
}

export interface Submission {
  state: V3State
  call: V3Call
  rules: SubmissionRules
  /** A value of the token, else of the body. */
  text(name: string): string | undefined
  /** `user_details`, with what is bound to the token. */
  details: JsonObject
  /** Whether names or email are of the token. */
  isIdentityBound: boolean
  consent: { value: unknown; isBound: boolean; isGiven: boolean }
  /** Absent where the service makes one. */
  userId: string | undefined
  /** All ids of users that the request names. */
  namedUsers: readonly string[]
  callbackUrl: string | undefined
  partnerParams: Record<string, string>
  /** How a job about a locked account ends. */
  lockedOutcome(): Outcome
}

const IDENTITY = ['given_names', 'last_name', 'email', 'phone_number']
/** What can be bound to a token; operations name those that they take. */
export const BINDABLE = [...IDENTITY, 'consent', 'callback_url']

export function readSubmission(state: V3State, call: V3Call, rules: SubmissionRules): Submission {
  const { form, token, headers } = call
  const all = boundValues(state, call)
  const bound = Object.fromEntries(Object.entries(all).filter(([name]) => rules.bindable.includes(name)))
  const text = (name: string) => textOf(bound[name]) ?? form.text(name)
  const boundDetails = Object.fromEntries(Object.entries(bound).filter(([name]) => IDENTITY.includes(name)))
  const inBody = rules.userInBody === false ? undefined : form.text('user_id')
  const named = [token.user_id, headers.get('user-id') ?? undefined, inBody]
  const namedUsers = named.filter((id) => id !== undefined && id !== '') as string[]
  return {
    state,
    call,
    rules,
    text,
    details: { ...membersOf(form.json('user_details')), ...boundDetails },
    isIdentityBound: Object.keys(boundDetails).some((name) => name !== 'phone_number'),
    consent: {
      value: bound.consent ?? form.json('consent'),
      isBound: bound.consent !== undefined,
      isGiven: bound.consent !== undefined || form.json('consent') !== undefined,
    },
    userId: namedUsers[0],
    namedUsers,
    callbackUrl: text('callback_url') ?? call.partner.callbackUrl,
    partnerParams: { ...textsOf(form.json('partner_params')), ...token.partner_params },
    lockedOutcome: () => ({ status: 'block', reason: state.choices.lockedReason }),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function textsOf(value: unknown): Record<string, string> {
  return isTextRecord(value) ? value : {}
}

/** The first refusal of several checks. */
export function firstRefusal(checks: readonly Check[], submission: Submission): V3Answer | undefined {
  for (const check of checks) {
    const refusal = check(submission)
    if (refusal) return refusal
  }
  return undefined
}
