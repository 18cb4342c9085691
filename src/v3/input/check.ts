/** What can be wrong with an input of v3 as a whole. */
import { callbackUrlIssues } from '../../client/addresses.ts'
import type { InputIssue } from '../../errors/codes.ts'
import { issue } from '../../errors/issues.ts'
import { isObject, type Members, membersOf } from '../../input/objects.ts'
import { check, type Checked, type Schema } from '../../input/schema.ts'
import type { Caller } from '../client/caller.ts'
import type { Verification } from '../wire/shared.ts'
import { withMore } from './more-issues.ts'
import { momentOf } from './shared.ts'

/** Checks an input against its schema; what the client's token carries may be left out. */
function checkInput<T>(caller: Caller, schema: Schema<T>, input: unknown): Checked<T> {
  const { issues, value } = check(schema, membersOf(input))
  const isProvidedHere = (one: InputIssue) => isProvided(caller, one)
  const provided = issues.filter(isProvidedHere).map(({ path }) => path)
  // Of a member that was not given, the check leaves an empty copy.
  const given = Object.entries(membersOf(value)).filter(([name]) => !provided.includes(name))
  return { issues: issues.filter((one) => !isProvidedHere(one)), value: Object.fromEntries(given) as T }
}

function isProvided({ provides }: Caller, { code, path }: InputIssue): boolean {
  const [member = ''] = path.split('.')
  return code === 'missing' && (provides as readonly string[]).includes(member)
}

/** The same for a verification, whose members depend on each other and on the client. */
export function checkVerification<T extends Partial<Verification>>(
  caller: Caller,
  schema: Schema<T>,
  input: unknown,
): Checked<T> {
  const checked = checkInput(caller, schema, input)
  const { callback_url, consent, user_details } = membersOf(checked.value)
  const client = { client: caller.sender.client, callbackUrl: caller.callbackUrl }
  const more = [
    ...consentIssues(membersOf(consent), caller.sender.now()),
    ...contactIssues(user_details),
    ...callbackUrlIssues(client, callback_url, { needed: false }),
  ]
  return withMore(
    checked,
    more.filter((one) => !isProvided(caller, one)),
  )
}

/** The service refuses what is to come; nobody has agreed to anything by then. */
export function consentIssues({ granted_at }: Members, now: number, toleranceMs = 0): InputIssue[] {
  const agreed = momentOf(granted_at)
  if (agreed === undefined || !(agreed > now + toleranceMs)) return []
  return [issue('consent.granted_at', 'wrong_format', 'is in the future: it is when the person agreed')]
}

function contactIssues(details: unknown): InputIssue[] {
  if (!isObject(details)) return []
  const contacts = [details.email, details.phone_number]
  if (contacts.some((contact) => contact !== undefined && contact !== null)) return []
  return [issue('user_details.email', 'missing', 'is missing, and so is phone_number: one of them is needed')]
}
