/** Time in the emulator: virtual, so that no test waits, or the machine's own behind a real server. */

export interface Clock {
  now(): number
  /** Virtual time jumps to whoever is due first, once nothing else is left to do in this turn. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves on; whatever falls due happens on the way, in order. */
  advance(ms: number): Promise<void>
}

interface Sleeper { at: number; wake(): void }

const turn = () => new Promise<void>((resolve) => setTimeout(resolve))

export function virtualClock(start: number): Clock {
  let time = start
  let sleepers: Sleeper[] = []
  let pumping = false

  function wakeFirst(until: number): boolean {
    const first = sleepers.reduce<Sleeper | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined)
    if (!first || first.at > until) return false
    sleepers = sleepers.filter((sleeper) => sleeper !== first)
    time = Math.max(time, first.at)
    first.wake()
    return true
  }

  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    do await turn()
    while (wakeFirst(Infinity))
    pumping = false
  }

  return {
    now: () => time,
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { at: time + ms, wake: resolve }
      sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        sleepers = sleepers.filter((other) => other !== sleeper)
        reject(signal.reason)
      }, { once: true })
      void pump()
    }),
    async advance(ms) {
      const until = time + ms
      while (wakeFirst(until)) await turn()
      time = Math.max(time, until)
    },
  }
}

export function realClock(): Clock {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason)
      }, { once: true })
    }),
    async advance(ms) {
      ahead += ms
    },
  }
}
