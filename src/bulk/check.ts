/** What is wrong with rows, before any of them is sent. */
import { type BackfillInput, checkRow } from '../backfill/input.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'
import { readPhotoAt } from '../photo/read.ts'
import { type Bytes, encodeHex } from '../platform/bytes.ts'
import { throwIfAborted } from '../platform/time.ts'
import { checkCheckOptions, type CheckOptions, type Rows, rowsIssues } from './input.ts'
import { duplicateUserId } from './outcome.ts'
import { createSeen } from './seen.ts'

/** What a run's own `timeoutMs` is by default. */
const PHOTO_TIMEOUT_MS = 30_000

/** A row that would not be sent. */
export interface RowProblem<R extends BackfillInput = BackfillInput> {
  row: R
  /** Its place among the rows, from 0. */
  index: number
  error: SmileIdInputError
}

/**
 * Yields the rows with problems, each with all of them, and sends nothing: a pass of its own, over fresh rows
 * where a generator gives them.
 *
 * Finds what a run would call `'invalid'`: ids and dates that are missing or wrong, an id that an earlier row
 * has, and with `photos` what is no whole JPEG or PNG of at most 5,000,000 bytes. Of each row, and each
 * photo, it keeps no more than eight bytes.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options, or rows that are not iterable.
 *
 * An abort rejects with the signal's own reason, and an error of the source as it is.
 *
 * @example
 * ```ts
 * import { checkRows } from 'smileid-edge/bulk'
 * import { samplePhoto } from 'smileid-edge/emulator'
 *
 * const rows = [
 *   { user_id: 'u1', user_created_at: '2021-08-12', photo: () => samplePhoto() },
 *   { user_id: 'u1', user_created_at: '12/08/2021', photo: () => samplePhoto() },
 * ]
 * for await (const { index, error } of checkRows(rows, { photos: true })) {
 *   console.log(
 *     index,
 *     error.issues.map(({ path, code }) => `${path} ${code}`),
 *   ) // 1 [ 'user_created_at wrong_format', 'user_id duplicate' ]
 * }
 * ```
 */
export async function* checkRows<R extends BackfillInput>(
  rows: Rows<R>,
  options: CheckOptions = {},
): AsyncGenerator<RowProblem<R>, void, undefined> {
  const { issues: optionIssues, value } = checkCheckOptions(options)
  throwIfAny([...optionIssues, ...rowsIssues(rows)])
  const { signal } = value
  const check = createRowCheck(value)
  let index = 0
  for await (const row of rows) {
    throwIfAborted(signal)
    const issues = await check(row)
    if (issues.length) yield { row, index, error: new SmileIdInputError(issues) }
    index++
  }
}

/** Checks one row after the other, and remembers the ids and photos of those before. */
function createRowCheck(options: CheckOptions): (row: BackfillInput) => Promise<InputIssue[]> {
  const { photos = false, duplicatePhotos = false, signal } = options
  const isKnownId = createSeen()
  const isKnownPhoto = createSeen()

  return async (row) => {
    const { issues, value } = checkRow(row)
    const userId: unknown = value.user_id
    const isDuplicate = typeof userId === 'string' && isKnownId(userId)
    if (isDuplicate) issues.push(duplicateUserId())
    if (!photos && !duplicatePhotos) {
      if (value.photo === undefined) issues.push(missing('photo'))
      return issues
    }
    const read = await readPhotoAt('photo', value.photo, {
      operation: 'backfill_users',
      timeoutMs: PHOTO_TIMEOUT_MS,
      signal,
    })
    if ('late' in read) return [...issues, issue('photo', 'missing', 'could not be read in 30 seconds')]
    if (!read.ok) return [...issues, ...read.issues]
    // One row that stands there twice is one problem.
    if (duplicatePhotos && isKnownPhoto(await photoHash(read.photo.bytes)) && !isDuplicate) {
      issues.push(issue('photo', 'duplicate', 'is that of an earlier row'))
    }
    return issues
  }
}

async function photoHash(bytes: Bytes): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
