/** Shows how far a run has come: a bar where a person watches, a line now and then elsewhere. */
import type { BulkProgress, BulkWaiting } from '../../../bulk.ts'
import type { Io } from '../../io.ts'
import { CLEAR_LINE, CLEAR_REST, withProgressBar } from '../../progress-bar.ts'
import { formatDuration, printable } from '../../text.ts'
import { STATES } from './statistics.ts'

export interface ProgressLine {
  show(progress: BulkProgress): void
  /** Shows the check, whose total nobody knows. */
  showChecked(rows: number): void
  /** Prints a line above the bar. */
  say(line: string): void
  /** Removes the bar. */
  end(): void
}

const REDRAW_MS = 100
const LINE_EVERY_MS = 30_000

interface Drawing {
  text: string
  /** From 0 to 1; without one, there is no bar. */
  share?: number | undefined
}

export function createProgressLine(io: Io): ProgressLine {
  const { terminal } = io
  const intervalMs = terminal ? REDRAW_MS : LINE_EVERY_MS
  let shownAt = terminal ? -Infinity : io.now()
  let bar = ''

  function clear(): void {
    if (bar !== '') terminal?.write(CLEAR_LINE)
  }

  function isTooSoon(): boolean {
    return io.now() - shownAt < intervalMs
  }

  function draw({ text, share }: Drawing): void {
    shownAt = io.now()
    if (!terminal) {
      io.err(text)
      return
    }
    bar = withProgressBar(text, { share, columns: terminal.columns() - 1 })
    terminal.write(`\r${bar}${CLEAR_REST}`)
  }

  return {
    show(progress) {
      const { done, total } = progress
      const isLast = done === total
      if (isTooSoon() && !isLast) return
      draw({ text: describeProgress(progress), share: total ? done / total : undefined })
    },
    showChecked(rows) {
      if (!isTooSoon()) draw({ text: `${rows} rows checked` })
    },
    say(line) {
      clear()
      io.err(printable(line))
      terminal?.write(bar)
    },
    end() {
      clear()
      bar = ''
    },
  }
}

/** `50/200 (25 %), 4.9/s, 30s left: enrolled 40, rejected 10` */
export function describeProgress(progress: BulkProgress): string {
  const { done, total, perSecond, etaMs, waiting, counts } = progress
  let text = `${done}`
  if (total) text += `/${total} (${Math.floor((100 * done) / total)} %)`
  if (waiting) return `${text}, waiting for ${describeServer(waiting)}: ${describeCounts(counts)}`
  if (perSecond) text += `, ${perSecond.toFixed(1)}/s`
  if (etaMs && done !== total) text += `, ${formatDuration(etaMs)} left`
  return `${text}: ${describeCounts(counts)}`
}

/** `api.example (ECONNREFUSED)` */
export function describeServer({ host, code, systemCode = code }: BulkWaiting): string {
  return `${host} (${systemCode})`
}

function describeCounts(counts: BulkProgress['counts']): string {
  const reached = STATES.filter((state) => counts[state] > 0)
  if (reached.length === 0) return 'no rows'
  return reached.map((state) => `${state} ${counts[state]}`).join(', ')
}
