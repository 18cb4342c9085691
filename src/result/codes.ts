/**
 * ResultCodes of the v1 API and what they decide (docs.usesmileid.com, result codes; the table of face jobs
 * beyond these is not public).
 */

export type Decision = 'approved' | 'provisional' | 'rejected' | 'pending' | 'error' | 'unknown'

export interface Verdict {
  decision: Exclude<Decision, 'pending'>
  /** No later result of the job changes it. @default true */
  final?: boolean | undefined
  /** A new job with the same input may end better. @default false */
  retryable?: boolean | undefined
}

const RESULT_CODES: Readonly<Record<Verdict['decision'], string>> = {
  approved: '0810 0840 1012 1020 1021 1210',
  provisional: '0814',
  // Four causes share 0001; the text tells which.
  rejected: '0001 0903 0907 1013 1022 1023',
  error: '1014 1015 1016',
  // "Found on list": what it means for a person is in `people`, never in the code.
  unknown: '1030',
}

/** An authority that is down, and a zip that arrived broken: the same images may arrive whole. */
const RETRYABLE = ['1015', '0903']

export function verdictOn(code: string): Verdict | undefined {
  const decision = (Object.keys(RESULT_CODES) as Verdict['decision'][]).find((name) =>
    RESULT_CODES[name].split(' ').includes(code),
  )
  return decision && { decision, final: decision !== 'provisional', retryable: RETRYABLE.includes(code) }
}

/** Values of Actions that need no attention; all others speak against approval, or are still open. */
export function isQuiet(action: string): boolean {
  return /^(Passed|Completed|Approved|Verified|Returned|Exact Match|Not Applicable|Not Done|Not Provided)$/.test(
    action,
  )
}
