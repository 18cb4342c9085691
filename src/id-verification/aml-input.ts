/** What a search of lists is told, and what can be wrong with it. */
import { membersOf } from '../input/objects.ts'
import { idText } from '../input/ids.ts'
import { countryCode, filledText, flag, jsonObject, must, textList } from '../input/rules.ts'
import { allOf, check, type Checked, listOf, objectOf, once, optional } from '../input/schema.ts'
import type { Country } from '../wire/id-types.ts'
import type { JobRef } from '../wire/jobs.ts'

export interface AmlJob extends JobRef {
  full_name: string
  /** Where the person has lived or does business. */
  countries: readonly Country[]
  /** `yyyy` */
  birth_year?: string | undefined
  aliases?: readonly string[] | undefined
  search_existing_user?: boolean | undefined
  /** @default true, at the service */
  strict_match?: boolean | undefined
  partner_params?: Record<string, any> | undefined
}

const NO_COUNTRIES = 'must be a list of at least one country'

const amlJob = /* @__PURE__ */ once(() =>
  objectOf<AmlJob>({
    user_id: idText(),
    job_id: idText(),
    full_name: filledText(),
    aliases: optional(textList({ filled: true })),
    birth_year: optional(must<string>(isYear, 'must be a year as text, yyyy', 'wrong_format')),
    search_existing_user: optional(flag()),
    strict_match: optional(flag()),
    partner_params: optional(jsonObject()),
    countries: allOf(
      listOf(countryCode(), NO_COUNTRIES),
      must<readonly string[]>((list) => list.length > 0, NO_COUNTRIES),
    ),
  }),
)

function isYear(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}$/.test(value)
}

export function checkAmlJob(job: unknown): Checked<AmlJob> {
  return check(amlJob(), membersOf(job))
}
