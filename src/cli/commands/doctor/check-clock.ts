/** How far this machine's clock is from the server's. */
import type { Io } from '../../io.ts'
import type { Finding } from './finding.ts'

export interface ClockMeasurement {
  /** Fetches as usual, and reads the server's clock from the first reply that has a date. */
  fetch: NonNullable<Io['fetch']>
  /** Above 0 when this machine is behind; `undefined` while no reply had a date. */
  offsetMs(): number | undefined
}

export function measureClock(io: Pick<Io, 'fetch' | 'now'>): ClockMeasurement {
  let offsetMs: number | undefined
  return {
    async fetch(url, init) {
      const sentAt = io.now()
      const response = await (io.fetch ?? globalThis.fetch)(url, init)
      const date = Date.parse(response.headers.get('date') ?? '')
      if (offsetMs === undefined && !Number.isNaN(date)) {
        // A date has no fractions of a second: half a second is the best guess. It was made half-way between
        // request and reply, as far as anybody knows.
        offsetMs = date + 500 - (sentAt + io.now()) / 2
      }
      return response
    },
    offsetMs: () => offsetMs,
  }
}

const MAX_OFFSET_MS = 30_000

export function checkClock(offsetMs: number): Finding {
  const distanceMs = Math.abs(offsetMs)
  const seconds = (distanceMs / 1000).toFixed(distanceMs > 10_000 ? 0 : 1)
  const direction = offsetMs > 0 ? 'behind' : 'ahead of'
  const message = `${seconds} s ${direction} the server's`
  if (distanceMs <= MAX_OFFSET_MS) return { check: 'clock', state: 'ok', message }
  return {
    check: 'clock',
    state: 'wrong',
    message: `${message}: set it, since signatures carry its time`,
  }
}
