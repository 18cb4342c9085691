/** How far an upload has come, where a person watches. */
import { withBar } from '../backfill/progress.ts'
import type { Io } from '../../io.ts'

export interface UploadLine {
  show(progress: { sentBytes: number; totalBytes: number }): void
  /** Takes the line away. */
  end(): void
}

const REDRAW_MS = 100

export function createUploadLine({ terminal, now }: Pick<Io, 'terminal' | 'now'>): UploadLine {
  let shown = -Infinity
  return {
    show({ sentBytes, totalBytes }) {
      if (!terminal || (now() - shown < REDRAW_MS && sentBytes < totalBytes)) return
      shown = now()
      const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
      terminal.write(
        `\r${withBar(`${megabytes(sentBytes)} of ${megabytes(totalBytes)} MB handed over`, sentBytes / totalBytes, terminal.columns() - 1)}\x1b[K`,
      )
    },
    end() {
      if (shown > -Infinity) terminal!.write('\r\x1b[K')
      shown = -Infinity
    },
  }
}
