/** What the check of an address is told, and what can be wrong with it. */
import { callbackUrlIssues } from '../client/addresses.ts'
import type { ClientInternals } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { filledText, filledTextLike } from '../input/rules.ts'
import { check, type Checked, elsewhere, objectOf, once, optional } from '../input/schema.ts'
import { attempt } from '../platform/realms.ts'
import type { WithCallback } from '../wire/jobs.ts'

export type AddressJob = WithCallback & { address: string; full_name?: string | undefined } & (
    | { country: 'NG'; utility_number: string; utility_provider: string }
    | { country: 'ZA'; /** 13 digits */ id_number: string }
  )

/** The country says which other members there are, so it is looked at last. */
function addressEntries() {
  return {
    country: elsewhere(),
    address: filledText(),
    full_name: optional(filledText()),
    callback_url: elsewhere(),
  }
}

const nigerianAddress = /* @__PURE__ */ once(() =>
  objectOf<Extract<AddressJob, { country: 'NG' }>>({
    ...addressEntries(),
    utility_number: filledText(),
    utility_provider: filledText(),
  }),
)

const southAfricanAddress = /* @__PURE__ */ once(() =>
  objectOf<Extract<AddressJob, { country: 'ZA' }>>({
    ...addressEntries(),
    id_number: filledTextLike(/^\d{13}$/, 'must have 13 digits'),
  }),
)

export function checkAddress(internals: ClientInternals, job: unknown): Checked<AddressJob> {
  const given = membersOf(job)
  const country = attempt(() => given.country)
  const fields: Checked<AddressJob> =
    country === 'ZA' ? check(southAfricanAddress(), given) : check(nigerianAddress(), given)
  // The first look was for the schema alone: what counts is the copy.
  const { value } = fields
  const issues = [
    ...fields.issues,
    ...callbackUrlIssues(internals, value.callback_url, { needed: true }),
    ...countryIssues(value.country === country ? country : null),
  ]
  return { issues, value }
}

function countryIssues(country: unknown): InputIssue[] {
  if (country === undefined) return [missing('country')]
  if (country === 'NG' || country === 'ZA') return []
  return [issue('country', 'not_allowed', "must be 'NG' or 'ZA'")]
}
