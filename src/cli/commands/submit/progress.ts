/** Shows how far an upload has come, where a person watches. */
import type { Io } from '../../io.ts'
import { CLEAR_LINE, CLEAR_REST, withProgressBar } from '../../progress-bar.ts'

export interface UploadLine {
  show(progress: { sentBytes: number; totalBytes: number }): void
  /** Removes the line. */
  end(): void
}

const REDRAW_MS = 100

export function createUploadLine({ terminal, now }: Pick<Io, 'terminal' | 'now'>): UploadLine {
  let lastShown: number | undefined
  return {
    show({ sentBytes, totalBytes }) {
      if (!terminal) return
      const isTooSoon = lastShown !== undefined && now() - lastShown < REDRAW_MS
      if (isTooSoon && sentBytes < totalBytes) return
      lastShown = now()
      const text = `${formatMegabytes(sentBytes)} of ${formatMegabytes(totalBytes)} MB handed over`
      const line = withProgressBar(text, {
        share: sentBytes / totalBytes,
        columns: terminal.columns() - 1,
      })
      terminal.write(`\r${line}${CLEAR_REST}`)
    },
    end() {
      if (lastShown !== undefined) terminal?.write(CLEAR_LINE)
      lastShown = undefined
    },
  }
}

function formatMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
