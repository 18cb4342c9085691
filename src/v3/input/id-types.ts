/** An ID against what the service supports. */
import { requestOptionEntries } from '../../client/input.ts'
import type { RequestOptions } from '../../client/internals.ts'
import type { InputIssue } from '../../errors/codes.ts'
import { issue, wrongType } from '../../errors/issues.ts'
import { isObject, type Members } from '../../input/objects.ts'
import { check, type Checked, elsewhere, objectOf, once, type Schema } from '../../input/schema.ts'
import { attempt, isArray } from '../../platform/realms.ts'
import type { Caller } from '../client/caller.ts'
import type { CheckOptions, Verification } from '../wire/shared.ts'
import { checkVerification } from './check.ts'
import { sortMembers, withMore } from './more-issues.ts'

export type IdCheckOptions = RequestOptions & CheckOptions

const idCheckOptions = /* @__PURE__ */ once(() =>
  objectOf<IdCheckOptions>({ ...requestOptionEntries(), idTypes: elsewhere() }),
)

export function readIdCheckOptions(options: unknown): Checked<IdCheckOptions> {
  return check(idCheckOptions(), options ?? {}, 'options')
}

/** As `checkVerification`, and against the supported ID types where they were given. */
export function checkIdVerification<T extends Partial<Verification>>(
  caller: Caller,
  { schema, input, options }: { schema: Schema<T>; input: unknown; options: IdCheckOptions },
): Checked<T> {
  const checked = checkVerification(caller, schema, input)
  return withMore(checked, idTypeIssues(options.idTypes, sortMembers(checked).right))
}

/** Nothing where the document was not given. */
function idTypeIssues(idTypes: unknown, given: Members): InputIssue[] {
  if (idTypes === undefined) return []
  const wrong = [wrongType('options.idTypes', 'must be a reply of getSupportedIdTypes')]
  // The document is too large to be copied.
  return attempt(() => issuesIn((idTypes as Members).id_types, given)) ?? wrong
}

/** Throws for what is no list. */
function issuesIn(list: unknown, { country, id_type, id_number }: Members): InputIssue[] {
  if (!isArray(list)) throw new TypeError('no list')
  // What is not there was found wrong, or is in the token, which shows references alone.
  if (country === undefined || id_type === undefined) return []
  const types = list.filter(isObject).filter(({ type }) => type === id_type)
  const here = types.filter((one) => one.country === country)
  if (!here.length) return [issue('id_type', 'not_allowed', 'is not supported in this country')]
  if (typeof id_number !== 'string') return []
  if (here.some(({ regex }) => fits(regex, id_number))) return []
  return [issue('id_number', 'wrong_format', 'does not have the format of this ID type')]
}

/** What is no pattern rules nothing out. */
function fits(regex: unknown, idNumber: string): boolean {
  if (typeof regex !== 'string') return true
  return attempt(() => new RegExp(regex).test(idNumber)) ?? true
}
