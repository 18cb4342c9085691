/** What screenings are told, and what can be wrong with it. */
import type { InputIssue } from '../../errors/codes.ts'
import { issue, missing } from '../../errors/issues.ts'
import { type Members, membersOf } from '../../input/objects.ts'
import { countryCode, filledText, flag, must } from '../../input/rules.ts'
import { type Checked, type Entries, listOf, objectOf, once, optional } from '../../input/schema.ts'
import { isArray } from '../../platform/realms.ts'
import type { Caller } from '../client/caller.ts'
import { checkVerification } from '../input/check.ts'
import type { MembersOfAny } from '../input/forms.ts'
import { sortMembers, withMore } from '../input/more-issues.ts'
import { textUpTo, verificationEntries } from '../input/shared.ts'
import type { Verification } from '../wire/shared.ts'

/** What all screenings take. */
export interface Screening extends Verification {
  /** Where to look, by ISO 3166-1 alpha-2. */
  countries: readonly [string, ...string[]]
  /** Four digits: 1000 to this year. */
  birth_year?: string | number | undefined
  /** Fewer findings, which fit better. @default true */
  strict_match?: boolean | undefined
  /** Other names of the person: at most 20, of at most 256 characters. */
  aliases?: readonly string[] | undefined
}

/**
 * `search_existing_user` is a gate here: the user must have a usable record (`user_not_found` otherwise), and
 * name, countries and year stay the given ones.
 */
export type OneTimeAml = Screening & { full_name: string } & (
    { search_existing_user?: false | undefined } | { search_existing_user: true; user_id: string }
  )

/** `search_existing_user` brings name and year here. */
export type AmlMonitoring = Screening &
  (
    | { search_existing_user?: false | undefined; full_name: string }
    | { search_existing_user: true; user_id: string; full_name?: string | undefined }
  )

const MOST_ALIASES = 20

function screeningEntries(): Entries<MembersOfAny<OneTimeAml>> {
  return {
    countries: listOf(countryCode(), 'must be a list of ISO codes of two capital letters') as any,
    full_name: filledText(),
    birth_year: optional(birthYear()),
    strict_match: optional(flag()),
    aliases: optional(listOf(textUpTo(256), 'must be a list of names')),
    search_existing_user: optional(flag()),
    ...verificationEntries(),
  }
}

const oneTimeAml = /* @__PURE__ */ once(() => objectOf<MembersOfAny<OneTimeAml>>(screeningEntries()))

const amlMonitoring = /* @__PURE__ */ once(() =>
  objectOf<MembersOfAny<AmlMonitoring>>({ ...screeningEntries(), full_name: optional(filledText()) }),
)

const NO_YEAR = 'must be a year of four digits, 1000 to this one'

function birthYear() {
  return must<string | number>(
    (value) => ['string', 'number'].includes(typeof value) && /^[1-9]\d{3}$/.test(`${value}`),
    NO_YEAR,
    'wrong_format',
  )
}

export function checkOneTimeAml(caller: Caller, input: unknown): Checked<object> {
  const checked = checkVerification(caller, oneTimeAml(), input)
  return withMore(checked, screeningIssues(checked, caller))
}

export function checkAmlMonitoring(caller: Caller, input: unknown): Checked<object> {
  const checked = checkVerification(caller, amlMonitoring(), input)
  const more = [...screeningIssues(checked, caller), ...nameIssues(checked)]
  return withMore({ ...checked, value: withUserOfToken(membersOf(checked.value), caller) }, more)
}

/** In all forms at once; which of them it is, is checked apart. */
type AnyScreening = MembersOfAny<OneTimeAml | AmlMonitoring>

function nameIssues(checked: Checked<AnyScreening>): InputIssue[] {
  const { right, wrong } = sortMembers(checked)
  const hasOther = right.search_existing_user === true || wrong.has('search_existing_user')
  return right.full_name === undefined && !hasOther ? [missing('full_name')] : []
}

/** What depends on how many there are, on the day, or on other members. */
function screeningIssues(checked: Checked<AnyScreening>, { sender, provides }: Caller): InputIssue[] {
  const { countries, aliases } = membersOf(checked.value)
  const { birth_year, search_existing_user, user_id } = sortMembers(checked).right
  const issues: InputIssue[] = []
  if (isArray(countries) && countries.length === 0) {
    issues.push(issue('countries', 'missing', 'must name one country at least'))
  }
  if (isArray(aliases) && aliases.length > MOST_ALIASES) {
    issues.push(issue('aliases', 'wrong_format', `must be at most ${MOST_ALIASES}`))
  }
  if (Number(birth_year) > yearOf(sender.now())) issues.push(issue('birth_year', 'wrong_format', NO_YEAR))
  const hasUser = user_id !== undefined || provides.includes('user_id')
  if (search_existing_user === true && !hasUser) {
    issues.push(
      issue('user_id', 'missing', 'is missing: it says whose record search_existing_user looks for'),
    )
  }
  return issues
}

/** By UTC; NaN, which nothing is greater than, where the clock gives no time. */
function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear()
}

/** Monitoring wants the user of an existing record in the body, even if the token is bound to that user. */
function withUserOfToken(given: Members, caller: Caller): Members {
  const needsUser = given.search_existing_user === true && given.user_id === undefined
  if (!needsUser || caller.kind === 'key') return given
  return { ...given, user_id: caller.claims.user_id }
}
