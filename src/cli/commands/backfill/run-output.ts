/**
 * What a run says while it goes: events for scripts, or lines for people, of which only the first are shown.
 */
import type { BulkOutcome } from '../../../bulk.ts'
import type { SmileIdInputError } from '../../../errors.ts'
import type { FileRow } from '../../../node.ts'
import type { Io } from '../../io.ts'
import { createProgressLine, type ProgressLine } from './progress.ts'

export interface Talk extends Pick<ProgressLine, 'show' | 'checked' | 'end'> {
  /** For people alone. */
  say(line: string): void
  /** For scripts alone. */
  event(name: string, members: Readonly<Record<string, unknown>>): void
  problem(row: FileRow, error: SmileIdInputError): void
  outcome(outcome: BulkOutcome<FileRow>): void
}

const SHOWN = 20

export function createTalk(
  io: Io,
  { json, full }: { json?: boolean; full?: boolean },
  errors: string | undefined,
): Talk {
  const bar = createProgressLine(io)
  const say = (line: string) => {
    if (!json) bar.say(line)
  }
  const event: Talk['event'] = (name, members) => {
    if (json) io.out(JSON.stringify({ event: name, ...members }))
  }
  /** Of the check, and of the run. */
  const createList = () => {
    let listed = 0
    return (line: string) => {
      if (listed++ < SHOWN) say(line)
      else if (listed === SHOWN + 1)
        say(
          `more are not shown${errors === undefined ? ': --errors FILE keeps them all' : `: ${errors} has them all`}`,
        )
    }
  }
  const [checked, ended] = [createList(), createList()]
  return {
    show: bar.show,
    checked: bar.checked,
    end: bar.end,
    say,
    event,
    problem(row, error) {
      event('problem', { line: row.line, issues: error.issues })
      checked(row.error ? error.message : `line ${row.line}: ${error.message}`)
    },
    outcome({ row, reply, ...outcome }: BulkOutcome<FileRow> & { reply?: unknown }) {
      const { state, code, text, smileJobId, attempts, resumed } = outcome
      event('row', {
        line: row.line,
        state,
        code,
        text,
        smileJobId,
        attempts,
        resumed,
        ...(full && { user_id: row.user_id, reply }),
      })
      // What an earlier run or the check told is not told again.
      if (
        state !== 'enrolled' &&
        state !== 'exists' &&
        state !== 'invalid' &&
        !(resumed && state === 'rejected')
      )
        ended(`line ${row.line}: ${[state, code, text].filter(Boolean).join(' ')}`)
    },
  }
}
