/** How far a run has come: a bar where a person watches, a line now and then elsewhere. */
import type { BulkProgress } from '../../../bulk.ts'
import { type Io, plain } from '../../io.ts'
import { STATES } from './tally.ts'

export interface ProgressLine {
  show(progress: BulkProgress): void
  /** During the check, of which nobody knows how long it is. */
  checked(rows: number): void
  /** A line above the bar. */
  say(line: string): void
  /** Takes the bar away. */
  end(): void
}

const REDRAW_MS = 100
const QUIET_MS = 30_000

export function createProgressLine(io: Io): ProgressLine {
  const { terminal } = io
  let shown = terminal ? -Infinity : io.now()
  let bar = ''
  const clear = () => {
    if (bar) terminal?.write('\r\x1b[K')
  }
  function draw(short: () => string, wide: (columns: number) => string, last: boolean): void {
    if (io.now() - shown < (terminal ? REDRAW_MS : QUIET_MS) && !last) return
    shown = io.now()
    if (!terminal) return io.err(short())
    bar = wide(terminal.columns() - 1)
    terminal.write(`\r${bar}\x1b[K`)
  }
  return {
    show: (progress) =>
      draw(
        () => describe(progress),
        (columns) => fit(progress, columns),
        progress.done === progress.total,
      ),
    checked: (rows) =>
      draw(
        () => `${rows} rows checked`,
        (columns) => `${rows} rows checked`.slice(0, columns),
        false,
      ),
    say(line) {
      clear()
      io.err(plain(line))
      terminal?.write(bar)
    },
    end() {
      clear()
      bar = ''
    },
  }
}

/** Counts that are 0 are not worth the room. */
const countsOf = (counts: BulkProgress['counts']): string =>
  STATES.filter((state) => counts[state] > 0)
    .map((state) => `${state} ${counts[state]}`)
    .join(', ') || 'no rows'

export function describe({ done, total, perSecond, etaMs, counts }: BulkProgress): string {
  const share = total ? `/${total} (${Math.floor((100 * done) / total)} %)` : ''
  return `${done}${share}${perSecond ? `, ${perSecond.toFixed(1)}/s` : ''}${etaMs && done !== total ? `, ${timeOf(etaMs)} left` : ''}: ${countsOf(counts)}`
}

const fit = (progress: BulkProgress, columns: number): string =>
  withBar(describe(progress), progress.total ? progress.done / progress.total : undefined, columns)

/** A text with a bar before it, where there is room for one, and a share to show. */
export function withBar(text: string, share: number | undefined, columns: number): string {
  const width = Math.min(30, columns - text.length - 3)
  if (width < 5 || share === undefined) return text.slice(0, columns)
  const full = Math.round(width * Math.min(share, 1))
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}] ${text}`
}

/** 45s, 12m 5s, 3h 20m */
export function timeOf(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ]
  const from = parts.findIndex(([value]) => value > 0)
  return from < 0
    ? '0s'
    : parts
        .slice(from, from + 2)
        .map(([value, unit]) => value + unit)
        .join(' ')
}
