/** Time in the emulator: virtual, so that no test waits, or the machine's own behind a real server. */
import { sleep } from '../platform/time.ts'

export interface Clock {
  now(): number
  /** Virtual time jumps to whoever is due first, once nothing else is left to do in this turn. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Does something when time has come that far; nobody waits for it, so it does not move time by itself. */
  at(time: number, work: () => unknown): void
  /** Moves on; whatever falls due happens on the way, in order. */
  advance(ms: number): Promise<void>
  /** Forgets what was to be done. */
  clear(): void
}

interface Due {
  at: number
  wake(): unknown
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve))
const earliest = (list: Due[]) =>
  list.reduce<Due | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined)

export function virtualClock(start: number): Clock {
  let time = start
  let sleepers: Due[] = []
  let works: Due[] = []
  let pumping = false

  async function moveTo(until: number): Promise<void> {
    for (let next = earliest(works); next && next.at <= until; next = earliest(works)) {
      const work = next
      works = works.filter((other) => other !== work)
      time = Math.max(time, work.at)
      await work.wake()
    }
    time = Math.max(time, until)
  }

  async function wakeFirst(until: number): Promise<boolean> {
    const first = earliest(sleepers)
    if (!first || first.at > until) return false
    sleepers = sleepers.filter((sleeper) => sleeper !== first)
    await moveTo(first.at)
    first.wake()
    return true
  }

  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    do await turn()
    while (await wakeFirst(Infinity))
    pumping = false
  }

  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = () => {
          sleepers = sleepers.filter((other) => other !== sleeper)
          reject(signal!.reason)
        }
        const sleeper = {
          at: time + ms,
          wake() {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', onAbort, { once: true })
        void pump()
      }),
    at: (when, work) => void works.push({ at: when, wake: work }),
    clear: () => void (works = []),
    async advance(ms) {
      const until = time + ms
      while (await wakeFirst(until)) await turn()
      await moveTo(until)
    },
  }
}

export function realClock(): Clock {
  let ahead = 0
  let works: { at: number; run(): unknown; timer: ReturnType<typeof setTimeout> }[] = []
  const now = () => Date.now() + ahead
  return {
    now,
    sleep,
    at(when, work) {
      const entry = {
        at: when,
        run() {
          clearTimeout(entry.timer)
          works = works.filter((other) => other !== entry)
          return work()
        },
        timer: setTimeout(() => entry.run(), Math.max(0, when - now())),
      }
      works.push(entry)
      // Work that is left must not keep a process alive.
      ;(entry.timer as { unref?(): void }).unref?.()
    },
    clear() {
      for (const { timer } of works) clearTimeout(timer)
      works = []
    },
    async advance(ms) {
      ahead += ms
      for (const entry of works.filter(({ at }) => at <= now()).sort((a, b) => a.at - b.at)) await entry.run()
    },
  }
}
