/** What is wrong with rows, before any of them is sent. */
import { createReadDate } from '../backfill/date-formats.ts'
import { type BackfillInput, createRowCheck, momentOf } from '../backfill/input.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'
import { type PhotoReading, readPhotoAt } from '../photo/read.ts'
import { type Bytes, encodeHex } from '../platform/bytes.ts'
import { throwIfAborted } from '../platform/time.ts'
import { checkCheckOptions, type CheckOptions, type Rows, rowsIssues } from './input.ts'
import { createDamageCheck, type DamageCheck } from './damage.ts'
import { inOrder } from './in-order.ts'
import { duplicateUserId } from './outcome.ts'
import { createSeen } from './seen.ts'

/** What a run's own `timeoutMs` is by default. */
const PHOTO_TIMEOUT_MS = 30_000

/** Each waits for its disk; a run has as many in memory. */
const PHOTOS_AT_ONCE = 4

/** A row that would not be sent, or should be looked at first. */
export interface RowProblem<R extends BackfillInput = BackfillInput> {
  row: R
  /** Its place among the rows, from 0. */
  index: number
  /**
   * `'warning'`: a run would send the row as it is, and use up its id for ever, though it looks damaged; all
   * issues have the code `'suspicious'`.
   */
  severity: 'error' | 'warning'
  error: SmileIdInputError
}

/**
 * Yields the rows with problems, each with all of them, and sends nothing: a pass of its own, over fresh rows
 * where a generator gives them.
 *
 * Finds what a run would call `'invalid'`: ids and dates that are missing or wrong, an id that an earlier row
 * has, and with `photos` what is no whole JPEG or PNG of at most 5,000,000 bytes. Four photos are read at
 * once; problems come in the order of the rows. Of each row, and each photo, it keeps a hash or two, some 50
 * bytes.
 *
 * Unless `acceptWarnings` is set, it yields rows that look damaged, too, with `severity: 'warning'`: ids such
 * as `2.34812E+12`, `1.0`, `#N/A`, `NULL`, `nan`, or that of an earlier row in other letters; dates before
 * 1990, such as day 0 of spreadsheets and of Unix; with `photos`, the photo of an earlier row.
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
  const check = createCheck(value)
  const { photos, duplicatePhotos, signal } = value
  let index = 0
  const checked = inOrder({
    items: rows,
    concurrency: photos || duplicatePhotos ? PHOTOS_AT_ONCE : 1,
    async work(row) {
      throwIfAborted(signal)
      return { row, index: index++, finish: await check(row) }
    },
  })
  for await (const { finish, ...place } of checked) {
    const { issues, warnings } = await finish()
    const all = [...issues, ...warnings]
    const severity = issues.length ? 'error' : 'warning'
    if (all.length) yield { ...place, severity, error: new SmileIdInputError(all) }
  }
}

interface Findings {
  issues: InputIssue[]
  /** What looks damaged, and can be sent. */
  warnings: InputIssue[]
}

/** What is found once the photos of all earlier rows are known. */
type FinishCheck = () => Promise<Findings> | Findings

/** Remembers ids and photos: rows have to be given, and finished, in their order. */
function createCheck(options: CheckOptions): (row: BackfillInput) => Promise<FinishCheck> {
  const { photos = false, duplicatePhotos = false, acceptWarnings = false } = options
  const readDate = createReadDate(options)
  const checkRow = createRowCheck(readDate)
  const damage = acceptWarnings ? undefined : createDamageCheck()
  const addPhoto = createPhotoCheck(options, damage)
  const isKnownId = createSeen()

  return async (row) => {
    const { issues, value } = checkRow(row)
    const findings: Findings = { issues, warnings: [] }
    const { user_id, user_created_at, photo } = value
    const isDuplicate = typeof user_id === 'string' && isKnownId(user_id)
    if (isDuplicate) issues.push(duplicateUserId())
    // Of members that are wrong, or read twice, nobody has to hear more.
    const isRight = (member: string): boolean =>
      issues.every(({ path }) => path !== member && path !== 'input')
    if (damage && isRight('user_id')) addIfAny(findings.warnings, damage.ofId(user_id!))
    if (damage && isRight('user_created_at')) {
      addIfAny(findings.warnings, damage.ofDate(momentOf(user_created_at!, readDate)))
    }
    if (photos || duplicatePhotos) {
      const reading = await readPhotoOf(photo, options)
      return () => addPhoto(findings, { reading, isDuplicate })
    }
    if (photo === undefined) issues.push(missing('photo'))
    return () => findings
  }
}

function addIfAny(issues: InputIssue[], found: InputIssue | undefined): void {
  if (found) issues.push(found)
}

function readPhotoOf(photo: unknown, { signal }: CheckOptions): Promise<PhotoReading> {
  return readPhotoAt('photo', photo, { operation: 'backfill_users', timeoutMs: PHOTO_TIMEOUT_MS, signal })
}

interface PhotoOfRow {
  reading: PhotoReading
  isDuplicate: boolean
}

/** Adds what is wrong with the photos of rows to what was found. */
function createPhotoCheck(
  { duplicatePhotos = false }: CheckOptions,
  damage: DamageCheck | undefined,
): (findings: Findings, row: PhotoOfRow) => Promise<Findings> {
  const isKnownPhoto = createSeen()

  return async (findings, { reading, isDuplicate }) => {
    const { issues, warnings } = findings
    if ('late' in reading) issues.push(issue('photo', 'missing', 'could not be read in 30 seconds'))
    else if (!reading.ok) issues.push(...reading.issues)
    else if (duplicatePhotos) {
      const isKnown = isKnownPhoto(await photoHash(reading.photo.bytes))
      // One row that stands there twice is one problem.
      if (isKnown && !isDuplicate) issues.push(issue('photo', 'duplicate', 'is that of an earlier row'))
    } else {
      const warning = damage?.ofPhoto(reading.photo.bytes)
      if (!isDuplicate) addIfAny(warnings, warning)
    }
    return findings
  }
}

async function photoHash(bytes: Bytes): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
