/**
 * node faulty-server.mjs <seed>: the emulator behind a port, with faults at random, and counts of what it
 * was sent.
 *
 * Tells its parent the URL when it listens, then, when asked, that so many more requests have come, or its
 * counts once no request is being answered; ends with its parent.
 */
import { createEmulator, type Fault } from 'smileid-edge/emulator'
import { createEmulatorServer } from 'smileid-edge/node'
import { seeded } from '../../src/emulator/random.ts'

export interface ServerFacts {
  /** Requests of all kinds. */
  requests: number
  /** Requests that were turned away with the word that nothing happened: 429, and 503 with Retry-After. */
  turnedAway: number
  /** Faults by name, as they struck. */
  faults: Record<string, number>
  /** Calls that enrolled somebody. */
  committed: number
  /** user_id and SHA-256 of the photo, in hex. */
  users: [user_id: string, photoSha256: string][]
}

export type ToServer = { reached: number } | 'facts'
export type FromServer = { url: string } | 'reached' | { facts: ServerFacts }

/**
 * Of all calls: 5 % 503, half of them with Retry-After; 3 % cut before the commit and 3 % after it; 1 %
 * truncated.
 */
const SHARES: readonly [name: string, share: number, fault: Fault][] = [
  ['503', 0.025, { kind: 'status', status: 503 }],
  ['503 with Retry-After', 0.025, { kind: 'status', status: 503, retryAfter: 0 }],
  ['reset before commit', 0.03, { kind: 'reset', commit: false }],
  ['reset after commit', 0.03, { kind: 'reset', commit: true }],
  ['truncated', 0.01, { kind: 'body', body: 'truncated' }],
]
/** Every so many calls, so many in a row are too many. */
const [BURST_EVERY, BURST] = [150, 5]

const emulator = createEmulator({ clock: 'real' })
const random = seeded(Number(process.argv[2]))
const say = (message: FromServer) => process.send!(message)
const facts: Pick<ServerFacts, 'requests' | 'turnedAway' | 'faults'> = {
  requests: 0,
  turnedAway: 0,
  faults: {},
}
let beingAnswered = 0
let reached = Infinity
let asked = false

function nextFault(): [name: string, fault: Fault] | undefined {
  if (facts.requests % BURST_EVERY >= BURST_EVERY - BURST)
    return ['429', { kind: 'status', status: 429, retryAfter: 0 }]
  let at = random()
  for (const [name, share, fault] of SHARES) if ((at -= share) < 0) return [name, fault]
  return undefined
}

function answerFacts(): void {
  if (!asked || beingAnswered > 0) return
  asked = false
  say({
    facts: {
      ...facts,
      committed: emulator.calls.filter(({ committed }) => committed).length,
      users: [...emulator.users].map(({ user_id, photoSha256 }) => [user_id, photoSha256]),
    },
  })
}

const server = await createEmulatorServer({
  async fetch(request) {
    facts.requests++
    beingAnswered++
    if (--reached === 0) say('reached')
    const struck = nextFault()
    // A rule strikes the next call, which is this one: nothing else can come between.
    if (struck) emulator.addFault({ fault: struck[1] })
    try {
      const call = emulator.fetch(request)
      if (struck) facts.faults[struck[0]] = (facts.faults[struck[0]] ?? 0) + 1
      const response = await call
      if (response.headers.has('retry-after')) facts.turnedAway++
      return response
    } finally {
      beingAnswered--
      setImmediate(answerFacts)
    }
  },
})
process.on('message', (message: ToServer) => {
  if (message !== 'facts') return void (reached = message.reached)
  asked = true
  // What a killed process had sent may still lie in a socket, which is read between a timer and an immediate.
  setTimeout(() => setImmediate(answerFacts), 50)
})
process.on('disconnect', () => process.exit())
say({ url: server.url })
