/** What a run can be told on the command line, and the files it touches. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { InputIssue } from '../../../errors.ts'
import { inputError, issue, throwIfAny } from '../../../errors/issues.ts'
import type { Flags, Given } from '../../args.ts'
import { OUTPUT_FLAGS } from '../../print.ts'
import { CLIENT_FLAGS, YES_FLAG } from '../../settings.ts'
import { SOURCE_FLAGS } from './source.ts'

export const BACKFILL_FLAGS = {
  ...SOURCE_FLAGS,
  'dry-run': { kind: 'switch', help: 'check all rows and count the calls; send nothing' },
  limit: { kind: 'count', value: 'ROWS', help: 'only the first rows, to see how they fare; all are checked' },
  'max-calls': { kind: 'count', value: 'CALLS', help: 'the budget: then the run ends, and can go on later' },
  concurrency: { kind: 'count', value: 'NUMBER', help: 'calls at once (default 4)' },
  rate: {
    kind: 'number',
    value: 'NUMBER',
    help: 'calls a second, at most (default: as fast as the service takes them)',
  },
  journal: {
    kind: 'text',
    value: 'FILE',
    help: 'what was done, so that nothing is done twice (default: beside FILE, with .journal.ndjson after its name)',
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
  'duplicate-photos': { kind: 'switch', help: 'take one photo under two ids for a problem' },
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

export interface Files {
  journal: string
  errors: string | undefined
  report: string | undefined
}

/** Rejects what cannot be a code: with a slip here, rows that are enrolled would look refused. */
export function existsCodesOf({ 'exists-codes': codes }: Given<typeof BACKFILL_FLAGS>): string[] | undefined {
  const list = codes?.split(',').map((code) => code.trim())
  if (list?.some((code) => !/^\d{4}$/.test(code)))
    throw inputError([
      issue('--exists-codes', 'wrong_format', 'must be codes of four digits, such as 2209,2210'),
    ])
  return list
}

/** Rejects two names for one file: what one of them holds would be lost. */
export async function filesOf(
  input: string,
  {
    journal = `${input.replace(/[\\/]+$/, '')}.journal.ndjson`,
    errors,
    report,
  }: Given<typeof BACKFILL_FLAGS>,
): Promise<Files> {
  const names = Object.entries({
    FILE: input,
    '--journal': journal,
    '--errors': errors,
    '--report': report,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const issues = names.flatMap(([path, name], index): InputIssue[] => {
    const same = names.slice(0, index).find(([, other]) => resolve(other) === resolve(name))
    return same ? [issue(path, 'duplicate', `is the same file as ${same[0]}`)] : []
  })
  throwIfAny(issues)
  if (report !== undefined) await checkWritable(report)
  return { journal, errors, report }
}

/** Now, and not when the work is done. */
async function checkWritable(path: string): Promise<void> {
  try {
    await (await open(path, 'a')).close()
  } catch (error) {
    throw inputError([
      issue(
        '--report',
        'wrong_format',
        `cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      ),
    ])
  }
}
