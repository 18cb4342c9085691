/** Time in the emulator: virtual, so that no test waits, or the machine's own behind a real server. */
import { sleep } from '../platform/time.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Waits; virtual time jumps to the sleeper that is due first, once nothing else is left to do. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Does the work at that time. It does not move a virtual clock by itself, as `sleep` does. */
  at(time: number, work: () => unknown): void
  /** Moves on by milliseconds; whatever falls due happens on the way, in order. */
  advance(ms: number): Promise<void>
  /** Forgets the work that was to be done. */
  clear(): void
}

interface Due {
  at: number
  run(): unknown
}

/** Starts at `start`, in milliseconds since 1970. */
export function virtualClock(start: number): Clock {
  let time = start
  let sleepers: Due[] = []
  let works: Due[] = []
  let isPumping = false

  async function moveTo(until: number): Promise<void> {
    for (let next = earliest(works); next && next.at <= until; next = earliest(works)) {
      works = without(works, next)
      time = Math.max(time, next.at)
      await next.run()
    }
    time = Math.max(time, until)
  }

  /** Whether there was somebody to wake. */
  async function wakeFirst(until: number): Promise<boolean> {
    const first = earliest(sleepers)
    if (!first || first.at > until) return false
    sleepers = without(sleepers, first)
    await moveTo(first.at)
    first.run()
    return true
  }

  /** Wakes one sleeper after the other, each once the program has nothing else to do. */
  async function pump(): Promise<void> {
    if (isPumping) return
    isPumping = true
    await nextTurn()
    while (await wakeFirst(Infinity)) await nextTurn()
    isPumping = false
  }

  function sleepUntil(at: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const onAbort = () => {
        sleepers = without(sleepers, sleeper)
        reject(signal!.reason)
      }
      const sleeper: Due = {
        at,
        run() {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      sleepers.push(sleeper)
      signal?.addEventListener('abort', onAbort, { once: true })
      void pump()
    })
  }

  return {
    now: () => time,
    sleep: (ms, signal) => sleepUntil(time + ms, signal),
    at(at, work) {
      works.push({ at, run: work })
    },
    async advance(ms) {
      const until = time + ms
      while (await wakeFirst(until)) await nextTurn()
      await moveTo(until)
    },
    clear() {
      works = []
    },
  }
}

interface Timed extends Due {
  timer: ReturnType<typeof setTimeout>
}

/** The machine's own time; `advance` sets it ahead. */
export function realClock(): Clock {
  let aheadMs = 0
  let works: Timed[] = []
  const now = () => Date.now() + aheadMs

  return {
    now,
    sleep,
    at(at, work) {
      const entry: Timed = {
        at,
        run() {
          clearTimeout(entry.timer)
          works = works.filter((other) => other !== entry)
          return work()
        },
        timer: setTimeout(() => entry.run(), Math.max(0, at - now())),
      }
      works.push(entry)
      letProcessEnd(entry.timer)
    },
    async advance(ms) {
      aheadMs += ms
      const due = works.filter(({ at }) => at <= now()).sort((first, second) => first.at - second.at)
      for (const entry of due) await entry.run()
    },
    clear() {
      for (const { timer } of works) clearTimeout(timer)
      works = []
    },
  }
}

/** Work that is left must not keep a process alive; timers of Node and Deno say so by a method. */
function letProcessEnd(timer: unknown): void {
  const unref = (timer as { unref?(): void }).unref
  unref?.call(timer)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** The first of those that are due at the same time. */
function earliest(list: readonly Due[]): Due | undefined {
  let first: Due | undefined
  for (const due of list) {
    if (!first || due.at < first.at) first = due
  }
  return first
}

function without(list: readonly Due[], gone: Due): Due[] {
  return list.filter((other) => other !== gone)
}
