/** What is wrong with rows, before any of them is sent. */
import { type BackfillInput, rowIssues } from '../backfill/enrol.ts'
import { type Rows, rowsIssues } from './options.ts'
import { createSeen } from './seen.ts'
import { type Bytes, encodeHex } from '../platform/bytes.ts'
import type { SmileIdInputError } from '../errors/classes.ts'
import { inputError, issue, missing } from '../errors/issues.ts'
import { FLAG, memberIssues, type Rule, SIGNAL } from '../input/rules.ts'
import { photoOrIssues } from '../photo/read.ts'

export interface CheckOptions {
  /** Whether photos are read, one after the other. @default false */
  photos?: boolean | undefined
  /** Whether the same photo under two ids is a problem; reads photos. @default false */
  duplicatePhotos?: boolean | undefined
  /** An abort rejects with the signal's own reason. */
  signal?: AbortSignal | undefined
}

/** A row that would not be sent. */
export interface RowProblem<R extends BackfillInput = BackfillInput> {
  row: R
  /** Its place among the rows, from 0. */
  index: number
  error: SmileIdInputError
}

const RULES: Readonly<Record<string, Rule>> = { photos: FLAG, duplicatePhotos: FLAG, signal: SIGNAL }

/**
 * Yields the rows with problems, each with all of them, and sends nothing: a pass of its own, over fresh rows
 * where a generator gives them.
 *
 * Finds what a run would call `'invalid'`: ids and dates that are missing or wrong, an id that an earlier row
 * has, and with `photos` what is no whole JPEG or PNG of at most 5,000,000 bytes. Of each row, and each
 * photo, it keeps no more than eight bytes.
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
  const wrong = [...memberIssues(options, RULES, 'options.'), ...rowsIssues(rows)]
  if (wrong.length) throw inputError(wrong)
  const { photos = false, duplicatePhotos = false, signal } = options ?? {}
  const [seenId, seenPhoto] = [createSeen(), createSeen()]
  let index = 0
  for await (const row of rows) {
    signal?.throwIfAborted()
    const issues = rowIssues(row)
    const { user_id } = Object(row) as Partial<R>
    const twin = typeof user_id === 'string' && seenId(user_id)
    if (twin) issues.push(issue('user_id', 'duplicate', 'is that of an earlier row'))
    if (photos || duplicatePhotos) {
      const photo = await photoOrIssues('photo', row?.photo, signal)
      if ('length' in photo) issues.push(...photo)
      else if (duplicatePhotos && seenPhoto(await photoHash(photo.bytes)) && !twin)
        issues.push(issue('photo', 'duplicate', 'is that of an earlier row'))
    } else if (row?.photo === undefined) issues.push(missing('photo'))
    if (issues.length) yield { row, index, error: inputError(issues) }
    index++
  }
}

async function photoHash(bytes: Bytes): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
