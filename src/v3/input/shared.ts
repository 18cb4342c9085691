/** Schemas of members that the inputs of v3 share. */
import { idText } from '../../input/ids.ts'
import { countryCode, filledText, filledTextLike, must, orNull, text, wellFormed } from '../../input/rules.ts'
import {
  allOf,
  type Entries,
  elsewhere,
  flaw,
  listOf,
  objectOf,
  once,
  optional,
  type OptionalSchema,
  recordOf,
  type Schema,
  schemaOf,
} from '../../input/schema.ts'
import { timeOf } from '../../platform/realms.ts'
import type {
  Consent,
  IdNumber,
  JobId,
  Metadata,
  PartnerParams,
  Selfie,
  UserDetails,
  Verification,
  WithSandboxResult,
} from '../wire/shared.ts'

/** As Smile ID's own forms check it. */
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,255}$/
const E164 = /^\+[1-9]\d{6,14}$/
/** A time with its zone, of which Date.parse says the rest. */
const ISO_MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/

const NO_MOMENT = 'must be a Date, or a time in ISO 8601 with its zone'

/** A moment, of which a Date goes on as text. */
export function moment(): Schema<string | Date> {
  return schemaOf((value) => {
    const ms = momentOf(value)
    if (ms === undefined || Number.isNaN(ms)) {
      const code = typeof value === 'string' ? 'wrong_format' : 'wrong_type'
      return { value, issues: [flaw(NO_MOMENT, value, code)] }
    }
    return { value: typeof value === 'string' ? value : new Date(ms).toISOString(), issues: [] }
  })
}

/** Milliseconds since 1970; NaN or `undefined` for what is none. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return timeOf(value)
  return ISO_MOMENT.test(value) ? Date.parse(value) : undefined
}

function httpsUrl(): Schema<string> {
  return wellFormed(isHttps, 'must be an https URL')
}

function isHttps(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('https://') && new URL(value).host !== ''
}

/** `url`: what the address of the notice must be, which differs between bodies and tokens. */
export function consent(url: () => Schema<string> = httpsUrl): Schema<Consent> {
  return objectOf<Consent>({
    granted: must<true>((value) => value === true, 'must be true: without consent nothing may be sent'),
    granted_at: moment(),
    notice_language: allOf(
      filledTextLike(/^[A-Za-z]{2}$/, 'must be a language code of two letters, such as EN'),
      inCapitals(),
    ),
    notice_privacy_policy_url: url(),
  })
}

/** Text that goes on in capital letters. */
function inCapitals(): Schema<string> {
  return schemaOf((value) => ({ value: String(value).toUpperCase(), issues: [] }))
}

export function email(): Schema<string> {
  return wellFormed(isEmail, 'must be an email address')
}

/** Two letters at least stand behind the last dot of a host, and it is one dot. */
function isEmail(value: unknown): boolean {
  return typeof value === 'string' && EMAIL.test(value) && /[^.]\.[^.]{2,}$/.test(value)
}

export function phoneNumber(): Schema<string> {
  return wellFormed(
    (value) => typeof value === 'string' && E164.test(value),
    'must be a number with country code (E.164), such as +2348012345678',
  )
}

const userDetails = /* @__PURE__ */ once(() =>
  objectOf<UserDetails>({
    given_names: filledText(),
    last_name: filledText(),
    email: optional(orNull(email())) as any,
    phone_number: optional(orNull(phoneNumber())) as any,
  }),
)

/** Texts alone. */
export const partnerParams = /* @__PURE__ */ once(() => recordOf<PartnerParams>(text()))

const metadata = /* @__PURE__ */ once(() =>
  listOf(objectOf<Metadata>({ name: textUpTo(100), value: textUpTo(1000) }), 'must be a list'),
)

export function textUpTo(most: number): Schema<string> {
  return allOf(
    filledText(),
    must<string>((value) => value.length <= most, `must have at most ${most} characters`, 'wrong_format'),
  )
}

/** What every verification has. `callback_url` depends on the client, and is checked apart. */
export function verificationEntries(): Entries<Verification> {
  return {
    consent: consent(),
    user_details: userDetails(),
    user_id: optional(idText()),
    callback_url: elsewhere(),
    partner_params: optional(partnerParams()),
    metadata: optional(metadata()),
  }
}

export function idNumberEntries(): Entries<IdNumber> {
  return { country: countryCode(), id_type: filledText(), id_number: filledText() }
}

/** Images are checked apart, by their bytes. */
export function selfieEntries(): Record<keyof Selfie, OptionalSchema<any>> {
  return { selfie_image: elsewhere(), liveness_images: elsewhere() }
}

export function sandboxEntries(): Entries<WithSandboxResult> {
  const message = 'must be a whole number, such as 840'
  return { sandbox_result: optional(must<number>((value) => Number.isSafeInteger(value), message)) }
}

/** A TypeID, in the wider of the two forms that paths are said to take. */
const TYPE_ID = /^job_[0-9a-z]{26}$/

export function isTypeId(id: unknown): id is JobId {
  return typeof id === 'string' && TYPE_ID.test(id)
}

export function jobId(): Schema<string> {
  const message = 'must be a job id of v3: job_ and 26 letters and digits; jobs of v1 are asked for by v1'
  return filledTextLike(TYPE_ID, message)
}
