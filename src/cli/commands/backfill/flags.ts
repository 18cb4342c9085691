/** The flags of `smileid backfill`, and the files that a run touches. */
import { resolve } from 'node:path'
import { createReadDate } from '../../../backfill/date-formats.ts'
import { isTimeZone } from '../../../backfill/time-zones.ts'
import type { DateOptions } from '../../../bulk.ts'
import type { InputIssue } from '../../../errors.ts'
import { SmileIdInputError } from '../../../errors/classes.ts'
import { issue, throwIfAny } from '../../../errors/issues.ts'
import { openReplacement } from '../../../node/replacement.ts'
import type { Flags, FlagValues } from '../../flags.ts'
import { OUTPUT_FLAGS } from '../../print.ts'
import { CLIENT_FLAGS, YES_FLAG } from '../../settings.ts'
import { INPUT_FLAGS } from './input-rows.ts'

const DATE_FLAGS = {
  'time-zone': {
    kind: 'text',
    value: 'ZONE',
    help: 'the zone of times that have none, such as Africa/Lagos or UTC (default: they are refused)',
  },
  'date-format': {
    kind: ['iso', 'dmy', 'mdy', 'excel'],
    value: 'FORMAT',
    help:
      'how dates are written that do not have the year first: dmy 31/08/2021, mdy 8/31/2021, ' +
      'excel 44439 (default iso: they are refused)',
  },
} as const satisfies Flags

export const BACKFILL_FLAGS = {
  ...INPUT_FLAGS,
  ...DATE_FLAGS,
  'dry-run': {
    kind: 'switch',
    help: 'check all rows and count the calls; send nothing; no credentials needed',
  },
  limit: { kind: 'count', value: 'ROWS', help: 'only the first rows, to see how they fare; all are checked' },
  'max-calls': { kind: 'count', value: 'CALLS', help: 'the budget: then the run ends, and can go on later' },
  concurrency: { kind: 'count', value: 'NUMBER', help: 'calls at once (default 4)' },
  rate: {
    kind: 'number',
    value: 'NUMBER',
    help: 'calls a second, at most (default: as fast as the service takes them)',
  },
  'max-wait': {
    kind: 'duration',
    value: 'TIME',
    help: 'how long to wait for a server that cannot be reached (default 12h)',
  },
  journal: {
    kind: 'text',
    value: 'FILE',
    help:
      'what was done, so that nothing is done twice ' +
      '(default: beside FILE, with .journal.ndjson after its name)',
  },
  resume: {
    kind: 'switch',
    help: 'insist on going on with a journal; one that is there is gone on with anyway',
  },
  errors: {
    kind: 'text',
    value: 'FILE',
    help: 'a CSV of rows that did not end well, with state, code and message; mended, it is an input again',
  },
  report: { kind: 'text', value: 'FILE', help: 'an HTML page with counts, reasons and a timeline' },
  'skip-invalid': { kind: 'switch', help: 'send the other rows when some have problems' },
  'retry-rejected': { kind: 'switch', help: 'send rejected rows again once their photo or date has changed' },
  'accept-warnings': {
    kind: 'switch',
    help: 'send rows that look damaged, too, such as an id of 2.34812E+12, or one photo under two ids',
  },
  'duplicate-photos': { kind: 'switch', help: 'take one photo under two ids for a problem, not a warning' },
  'hide-user-ids': {
    kind: 'switch',
    help: 'keep an HMAC of each user_id in the journal instead of the id; the same in all its runs',
  },
  'exists-codes': {
    kind: 'text',
    value: 'CODES',
    help: "which of the service's codes say that a user_id is in use (default 2209)",
  },
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
} as const satisfies Flags

export type BackfillValues = FlagValues<typeof BACKFILL_FLAGS>

/** How the dates of FILE are written, as check and run take it. */
export function datesOf(values: BackfillValues): DateOptions {
  return { timeZone: values['time-zone'], dateFormat: values['date-format'] }
}

/**
 * All photos of a folder have one date: each would say the same of it.
 *
 * @throws {SmileIdInputError} `invalid_input`: `--time-zone` is none that this machine knows, or
 *   `--created-at` no date.
 */
export function checkDateFlags(values: BackfillValues): void {
  if (values['time-zone'] !== undefined && !isTimeZone(values['time-zone'])) {
    throw new SmileIdInputError([
      issue('--time-zone', 'wrong_format', 'must be a time zone such as Africa/Lagos or UTC'),
    ])
  }
  if (values['created-at'] === undefined) return
  const reading = createReadDate(datesOf(values))(values['created-at'])
  if (reading.ok) return
  throw new SmileIdInputError([issue('--created-at', reading.flaw.code, reading.flaw.message)])
}

/**
 * With a typing error in a code, enrolled rows would look rejected.
 *
 * @throws {SmileIdInputError} `invalid_input`: `--exists-codes` has something that cannot be a code.
 */
export function readExistsCodes({ 'exists-codes': text }: BackfillValues): string[] | undefined {
  const codes = text?.split(',').map((code) => code.trim())
  if (codes?.some((code) => !/^\d{4}$/.test(code))) {
    throw new SmileIdInputError([
      issue('--exists-codes', 'wrong_format', 'must be codes of four digits, such as 2209,2210'),
    ])
  }
  return codes
}

/** Paths of the files that a run writes. */
export interface Files {
  journal: string
  errors: string | undefined
  report: string | undefined
}

/**
 * The contents of a file would be lost if it were given twice.
 *
 * @throws {SmileIdInputError} `invalid_input`: two names for one file, or a report that cannot be written.
 */
export async function chooseFiles(input: string, values: BackfillValues): Promise<Files> {
  const inputWithoutSlash = input.replace(/[\\/]+$/, '')
  const { journal = `${inputWithoutSlash}.journal.ndjson`, errors, report } = values
  const names: { flag: string; path: string }[] = [
    { flag: 'FILE', path: input },
    { flag: '--journal', path: journal },
  ]
  if (errors !== undefined) names.push({ flag: '--errors', path: errors })
  if (report !== undefined) names.push({ flag: '--report', path: report })

  const issues: InputIssue[] = []
  for (const [index, { flag, path }] of names.entries()) {
    const same = names.slice(0, index).find((earlier) => resolve(earlier.path) === resolve(path))
    if (same) issues.push(issue(flag, 'duplicate', `is the same file as ${same.flag}`))
  }
  throwIfAny(issues)
  if (report !== undefined) await checkWritable(report)
  return { journal, errors, report }
}

/** Checks it before the run, and not when the work is done. */
async function checkWritable(path: string): Promise<void> {
  try {
    const replacement = await openReplacement(path)
    await replacement.discard()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SmileIdInputError([
      issue('--report', 'wrong_format', `cannot be written (${code ?? 'unknown reason'})`),
    ])
  }
}
