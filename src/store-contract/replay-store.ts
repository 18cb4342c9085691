/** What every replay store must do. */
import type { ReplayStore } from '../callback/replay-store.ts'
import { throwIfAny } from '../errors/issues.ts'
import { oneOf } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { sleep } from '../platform/time.ts'
import { checkOpener, mustBe, type StoreCase, storeCase, times } from './cases.ts'

/**
 * Opens the store that is kept at a place, such as a table of that name (letters, digits and underscores):
 * one at the same place each time, another one at every other. `now`: the clock to go by, in milliseconds.
 */
export type ReplayStoreOpener = (place: string, now: () => number) => ReplayStore | Promise<ReplayStore>

/** Long enough for whatever is busy to be busy still, however slow the machine. */
const LONG_MS = 600_000
/** For leases that are to run out, in real time where the store has a clock of its own. */
const SHORT_MS = 40
const DELIVERIES = 4
const EVENTS = 25

export interface ContractOptions {
  clock?: 'given' | 'own' | undefined
}

const contractOptions = /* @__PURE__ */ once(() =>
  objectOf<ContractOptions>({ clock: optional(oneOf('given', 'own')) }),
)

interface Bench {
  open(place: string): Promise<ReplayStore>
  /** The same by a clock that is so many milliseconds ahead. */
  openAhead(place: string, ms: number): Promise<ReplayStore>
  /** Moves the clock on, or waits. */
  pass(ms: number): Promise<void>
  /** Sets the clock, where it is ours. */
  set(ms: number): void
}

function benchOf(open: ReplayStoreOpener, ownClock: boolean): Bench {
  let time = 1_767_607_200_000
  return {
    open: async (place) => open(place, () => time),
    openAhead: async (place, ms) => open(place, () => time + ms),
    async pass(ms) {
      // A timer may fire a little early.
      if (ownClock) await sleep(ms + 20)
      else time += ms
    },
    set: (ms) => void (time += ms),
  }
}

/**
 * The cases that a replay store must pass: of deliveries at once one gets the event, a claim runs out, nobody
 * undoes what another owner did, and a clock that is set back makes nothing new.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @param open is given a new place by each case, and the same one again within it.
 * @param options `clock`: `'own'` where the store does not go by `now` but by a clock of its own, as a
 *   database does: then cases wait some hundred milliseconds, and those of clocks that are set are left out.
 *   @default 'given'
 *
 * @example
 * ```ts
 * import { createMemoryReplayStore, type ReplayStore } from 'smileid-edge/callback'
 * import { testReplayStore } from 'smileid-edge/store-contract'
 *
 * const stores = new Map<string, ReplayStore>()
 * function open(place: string, now: () => number): ReplayStore {
 *   const store = stores.get(place) ?? createMemoryReplayStore({ now })
 *   stores.set(place, store)
 *   return store
 * }
 * for (const { name, run } of testReplayStore(open)) await run().then(() => console.log('keeps:', name))
 * ```
 */
export function testReplayStore(
  open: ReplayStoreOpener,
  options: ContractOptions = {},
): readonly StoreCase[] {
  checkOpener(open)
  const { issues, value } = check(contractOptions(), options ?? {}, 'options')
  throwIfAny(issues)
  const isOwn = value.clock === 'own'
  const withBench = (name: string, run: (bench: Bench, place: string) => Promise<void>) =>
    storeCase(name, (place) => run(benchOf(open, isOwn), place))
  const always = [
    withBench('tells what is claimed from what is busy and what is done', tellsStates),
    withBench('gives an event to one of four deliveries at once', givesOnce),
    withBench('gives an event again once the claim has run out, as after a crash', runsOut),
    withBench('changes no claim of another owner', respectsOwners),
    withBench('takes a late end where nobody else has the event', takesLateEnds),
    withBench('counts exactly, whoever counts at once, until the window is over', counts),
  ]
  if (isOwn) return always
  return [
    ...always,
    withBench('forgets nothing when the clock is set back, and gives nothing twice', survivesSteps),
    withBench('holds a claim for one whose clock is almost a minute ahead', holdsAcrossClocks),
  ]
}

async function tellsStates(bench: Bench, place: string): Promise<void> {
  const store = await bench.open(place)
  const other = await bench.open(place)
  mustBe(await store.claim('a', LONG_MS), 'claimed', 'a first claim')
  mustBe(await other.claim('a', LONG_MS), 'busy', 'a second claim')
  mustBe(await other.claim('b', LONG_MS), 'claimed', 'the claim of another event')
  await store.release('a')
  mustBe(await other.claim('a', LONG_MS), 'claimed', 'a claim after the release')
  await other.complete('a', LONG_MS)
  mustBe([await store.claim('a', LONG_MS), await store.claim('a', LONG_MS)], ['done', 'done'], 'what is done')
  await store.complete('never claimed', LONG_MS)
  mustBe(await store.claim('never claimed', LONG_MS), 'done', 'what was done without a claim')
  await store.complete('c', SHORT_MS)
  await bench.pass(SHORT_MS + 1)
  mustBe(await store.claim('c', LONG_MS), 'claimed', 'what is no longer kept')
}

async function givesOnce(bench: Bench, place: string): Promise<void> {
  const stores = await Promise.all(times(DELIVERIES, () => bench.open(place)))
  const claims = await Promise.all(
    times(EVENTS, (event) =>
      Promise.all(stores.map((store) => store.claim(`sandbox:085:${event}`, LONG_MS, crypto.randomUUID()))),
    ),
  )
  const expected = [...times(DELIVERIES - 1, () => 'busy'), 'claimed']
  for (const answers of claims) mustBe(answers.sort(), expected, 'what four deliveries at once are told')
}

async function runsOut(bench: Bench, place: string): Promise<void> {
  const crashed = await bench.open(place)
  mustBe(await crashed.claim('a', SHORT_MS, 'crashed'), 'claimed', 'the claim of the one that crashes')
  await bench.pass(SHORT_MS + 1)
  const next = await bench.open(place)
  mustBe(await next.claim('a', LONG_MS, 'next'), 'claimed', 'a claim after the lease is over')
  mustBe(await next.claim('a', LONG_MS, 'third'), 'busy', 'another claim within the new lease')
}

async function respectsOwners(bench: Bench, place: string): Promise<void> {
  const store = await bench.open(place)
  mustBe(await store.claim('a', SHORT_MS, 'one'), 'claimed', 'the claim of one')
  await bench.pass(SHORT_MS + 1)
  mustBe(await store.claim('a', LONG_MS, 'two'), 'claimed', 'the claim of two')
  mustBe(await store.claim('a', LONG_MS, 'two'), 'busy', 'a second claim of two')
  await store.release('a', 'one')
  await store.complete('a', LONG_MS, 'one')
  mustBe(await store.claim('a', LONG_MS, 'three'), 'busy', 'what one released and completed too late')
  await store.complete('a', LONG_MS, 'two')
  for (const owner of ['one', 'two']) await store.release('a', owner)
  mustBe(await store.claim('a', LONG_MS, 'three'), 'done', 'what was released after it was done')
  mustBe(await store.claim('b', LONG_MS, 'one'), 'claimed', 'the claim of another event')
  await store.release('b', 'one')
  mustBe(await store.claim('b', LONG_MS, 'two'), 'claimed', 'a claim after its owner released it')
}

async function takesLateEnds(bench: Bench, place: string): Promise<void> {
  const store = await bench.open(place)
  mustBe(await store.claim('a', SHORT_MS, 'one'), 'claimed', 'a claim')
  await bench.pass(SHORT_MS + 1)
  await store.complete('a', LONG_MS, 'one')
  mustBe(await store.claim('a', LONG_MS, 'two'), 'done', 'what was done after the lease, and nobody else has')
}

async function counts(bench: Bench, place: string): Promise<void> {
  const store = await bench.open(place)
  // A method that may be missing.
  if (!store.count) return
  const count = async (keys: string[], ms = LONG_MS) => [...(await store.count!(keys, ms))]
  mustBe(await count(['p', 'q']), [1, 1], 'first counts')
  mustBe(await count(['q', 'r']), [2, 1], 'counts in the order of their keys')
  const many = await Promise.all(times(20, () => count(['s'])))
  mustBe(
    many.flat().sort((a, b) => a - b),
    times(20, (i) => i + 1),
    'twenty who count at once',
  )
  await count(['t'], SHORT_MS)
  await bench.pass(SHORT_MS + 1)
  mustBe(await count(['t', 'p']), [1, 2], 'the count after its window is over, and one within it')
}

async function survivesSteps(bench: Bench, place: string): Promise<void> {
  const store = await bench.open(place)
  await store.complete('done', LONG_MS, 'one')
  await store.claim('busy', LONG_MS, 'one')
  if (store.count) await store.count(['counted'], LONG_MS)
  bench.set(-3_600_000)
  mustBe(await store.claim('done', LONG_MS, 'two'), 'done', 'what is done, an hour earlier')
  mustBe(await store.claim('busy', LONG_MS, 'two'), 'busy', 'what is busy, an hour earlier')
  if (store.count)
    mustBe(
      [...(await store.count(['counted'], LONG_MS))],
      [1],
      'a count whose window would last an hour longer',
    )
  bench.set(3_600_000)
  mustBe(await store.claim('busy', LONG_MS, 'two'), 'busy', 'what is busy, once the clock is right again')
}

async function holdsAcrossClocks(bench: Bench, place: string): Promise<void> {
  const store = await bench.open(place)
  const ahead = await bench.openAhead(place, 59_000)
  mustBe(await store.claim('a', 60_000, 'one'), 'claimed', 'a claim of a minute')
  mustBe(await ahead.claim('a', 60_000, 'two'), 'busy', 'the claim of one whose clock is 59 s ahead')
}
