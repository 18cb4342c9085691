/** Brings what is written to a file onto the disk, in the background. */

export interface BackgroundSync {
  /** To be called after each write: a sync begins at once, or soon if one was just made. */
  schedule(): void
  /** The sync in progress, if it takes so long that writers should wait for it. */
  lateSync(): Promise<void> | undefined
  /** Why a sync has failed; after that there are no more. */
  failure(): Error | undefined
  /** Waits for the sync in progress, and syncs now what is not synced yet. */
  flush(): Promise<void>
  /** From now on no sync begins by itself. */
  stop(): void
}

/** Between two syncs: each takes as much processor time as a tenth of the call for a row. */
const PAUSE_MS = 50
/** After this time, writers wait, since a power cut would lose all that they write meanwhile. */
const LATE_MS = 100

/**
 * `sync` rejects with the error to report. A sync that failed is not repeated: the system would not do so,
 * either.
 */
export function createBackgroundSync(sync: () => Promise<void>): BackgroundSync {
  let hasUnsynced = false
  let current: Promise<void> | undefined
  let startedAt = 0
  let pause: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  let failure: Error | undefined

  async function syncAndPause(): Promise<void> {
    hasUnsynced = false
    try {
      await sync()
    } catch (error) {
      failure = error as Error
    }
    current = undefined
    if (isStopped) return
    pause = setTimeout(() => {
      pause = undefined
      startIfDue()
    }, PAUSE_MS)
  }

  function start(): Promise<void> {
    clearTimeout(pause)
    pause = undefined
    startedAt = performance.now()
    current = syncAndPause()
    return current
  }

  function startIfDue(): void {
    if (!current && !pause && !isStopped && !failure && hasUnsynced) void start()
  }

  return {
    schedule() {
      hasUnsynced = true
      startIfDue()
    },
    lateSync() {
      const isLate = performance.now() - startedAt > LATE_MS
      return isLate ? current : undefined
    },
    failure: () => failure,
    async flush() {
      for (let running = current; running; running = current) await running
      if (hasUnsynced && !failure) await start()
    },
    stop() {
      isStopped = true
      clearTimeout(pause)
    },
  }
}
