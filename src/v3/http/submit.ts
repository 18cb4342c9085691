/** A verification that is handed in. */
import { usableSignal } from '../../client/input.ts'
import type { RequestOptions } from '../../client/internals.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { distinctIssues } from '../../errors/distinct-issues.ts'
import type { Part } from '../../http/multipart.ts'
import { type Members, membersOf } from '../../input/objects.ts'
import type { Checked } from '../../input/schema.ts'
import { throwIfAborted } from '../../platform/time.ts'
import type { Caller } from '../client/caller.ts'
import { callerOf } from '../client/caller.ts'
import { type SortedMembers, sortMembers } from '../input/more-issues.ts'
import type { V3Endpoint } from '../wire/operations.ts'
import type { Accepted } from '../wire/shared.ts'
import { isJobId } from '../wire/shared.ts'
import { callV3 } from './call.ts'
import type { V3Reply } from './exchange.ts'
import { type ImageRules, imagesIn, readImages } from './images.ts'
import { partsOf } from './parts.ts'
import { imageSizeIssues } from './size.ts'

export interface Submission {
  endpoint: V3Endpoint
  /** What goes out as it was checked; images among it are given apart. */
  fields: object
  images?: readonly Part[]
  headers?: Readonly<Record<string, string>>
}

/** Resolves to what the service says of a job that it has taken on. */
export async function submit<A extends Accepted>(
  caller: Caller,
  { endpoint, fields, images = [], headers }: Submission,
  options: RequestOptions,
): Promise<A> {
  const callback_url = membersOf(fields).callback_url ?? caller.callbackUrl
  const parts = [...partsOf({ ...fields, callback_url }), ...images]
  const { members } = await callV3(caller, { endpoint, parts, headers, isValid: isAccepted }, options)
  return { ...members, status: 'accepted' } as A
}

/** Older releases wrote `Accepted`; texts vary. */
export function isAccepted({ members: { status, job_id, user_id } }: V3Reply): boolean {
  return `${status}`.toLowerCase() === 'accepted' && isJobId(job_id) && typeof user_id === 'string'
}

export interface ImageSubmission {
  endpoint: V3Endpoint
  /** Of all but the images. */
  check(caller: Caller): Checked<object>
  /** The members that are images, in the order in which they are sent; they may depend on the input. */
  images: ImageRules | ((input: SortedMembers) => ImageRules)
  /** For an endpoint that wants some of the input elsewhere. @default all of it in the form */
  place?(fields: Members, caller: Caller): Pick<Submission, 'fields' | 'headers'>
}

/** The same with images: all that is wrong with them is listed beside all that is wrong with the rest. */
export async function submitWithImages<A extends Accepted>(
  client: unknown,
  { endpoint, check, images, place = (fields) => ({ fields }) }: ImageSubmission,
  given: Checked<RequestOptions>,
): Promise<A> {
  const caller = callerOf(client)
  const checked = check(caller)
  const input = membersOf(checked.value)
  const rules = typeof images === 'function' ? images(sortMembers(checked)) : images
  const found = imagesIn(input, rules)
  const signal = usableSignal(given)
  throwIfAborted(signal)
  const timeoutMs = given.value.timeoutMs ?? caller.uploadTimeoutMs
  const read = await readImages(found.images, { operation: endpoint.operation, timeoutMs, signal })
  const issues = [...checked.issues, ...found.issues, ...read.issues, ...given.issues]
  // How large the form is that they are for, shows once it can be written.
  if (issues.length) {
    throw new SmileIdInputError(distinctIssues([...issues, ...imageSizeIssues(read.bytes)]))
  }
  if (read.late) throw read.late
  const fields = { ...input }
  for (const name of Object.keys(rules)) delete fields[name]
  return submit<A>(
    caller,
    { endpoint, ...place(fields, caller), images: read.parts },
    { ...given.value, timeoutMs },
  )
}
