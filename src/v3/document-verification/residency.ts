/** What the verification of a residency has of its own: ids in headers. */
import type { InputIssue } from '../../errors/codes.ts'
import { issue } from '../../errors/issues.ts'
import { idText } from '../../input/ids.ts'
import { must, oneOf } from '../../input/rules.ts'
import { allOf, type Checked, elsewhere, objectOf, once, optional, type Schema } from '../../input/schema.ts'
import type { Members } from '../../input/objects.ts'
import type { Caller } from '../client/caller.ts'
import { checkVerification } from '../input/check.ts'
import { withMore } from '../input/more-issues.ts'
import { documentEntries, type ResidencyDocumentVerification } from './input.ts'

/** Gateways take some 10 kB of headers in all, the token among them. */
const MAX_HEADER_CHARACTERS = 4096

const residencyDocumentVerification = /* @__PURE__ */ once(() =>
  objectOf<ResidencyDocumentVerification>({
    ...documentEntries(),
    user_id: optional(idInHeader()),
    id_type: oneOf('PASSPORT'),
    visa: elsewhere(),
  }),
)

/** What a header can hold, and arrives as it was sent. */
function idInHeader(): Schema<string> {
  const fits = (id: string) => /^[ -~]+$/.test(id) && id === id.trim() && id.length <= MAX_HEADER_CHARACTERS
  const message =
    'goes out in a header here: it must be ASCII, without blanks around it, ' +
    `and of at most ${MAX_HEADER_CHARACTERS} characters`
  return allOf(idText(), must<string>(fits, message, 'wrong_format'))
}

/** All but the images. */
export function checkResidency(caller: Caller, input: unknown): Checked<ResidencyDocumentVerification> {
  const checked = checkVerification(caller, residencyDocumentVerification(), input)
  return withMore(checked, userIdIssues(caller, checked.value))
}

/** Whoever has a token may be a browser. */
function userIdIssues(caller: Caller, { user_id }: Partial<ResidencyDocumentVerification>): InputIssue[] {
  if (caller.kind === 'key' || user_id === undefined || isInToken(caller)) return []
  const message =
    'goes out in a header here, which browsers may not send: make the token with it, createToken({ user_id })'
  return [issue('user_id', 'not_allowed', message)]
}

function isInToken({ provides }: Caller): boolean {
  return provides.includes('user_id')
}

/** The endpoint knows no `user_id` in its form, and asks for the partner id. */
export function placeResidency(
  { user_id, ...fields }: Members,
  caller: Caller,
): { fields: Members; headers: Record<string, string> } {
  const headers: Record<string, string> = {}
  const partnerId = partnerIdInHeader(caller)
  if (partnerId !== undefined) headers['smileid-partner-id'] = partnerId
  if (typeof user_id === 'string' && !isInToken(caller)) headers['user-id'] = user_id
  return { fields, headers }
}

/** Three digits at least, where tokens have no leading zeros. What a token says may be anything. */
function partnerIdInHeader({ sender }: Caller): string | undefined {
  const { partnerId } = sender.client
  if (!/^\d+$/.test(partnerId)) return undefined
  return partnerId.replace(/^0+/, '').padStart(3, '0')
}
