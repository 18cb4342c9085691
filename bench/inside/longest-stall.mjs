/** Measures how long a piece of work holds the event loop up. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Of some work, the longest time in milliseconds for which a timer of 1 ms could not run. */
export const longestStall = (work) => async () => {
  let longest = 0
  let last = 0
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  await sleep(20) // what the candidate before left behind
  last = performance.now()
  const timer = setInterval(tick, 1)
  await work()
  await sleep(2)
  clearInterval(timer)
  tick()
  return longest
}
