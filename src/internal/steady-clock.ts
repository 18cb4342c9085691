/** Time that never goes backwards. */

/** The clock's own milliseconds, but for steps back, which count as no time at all; so do readings that are no number. */
export function steadyClock(clock: () => number): () => number {
  let seen = NaN
  let behind = 0
  let latest = 0
  return () => {
    const time = clock()
    if (!Number.isFinite(time)) return latest
    if (time < seen) behind += seen - time
    seen = time
    return (latest = time + behind)
  }
}
