/** What a run shows while it goes, on a terminal and elsewhere, and how it adds up what happened. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createProgressLine, describeProgress } from '../../../../src/cli/commands/backfill/progress.ts'
import { createStatistics, STATES } from '../../../../src/cli/commands/backfill/statistics.ts'
import type { Io } from '../../../../src/cli/io.ts'
import { formatDuration, formatPairs } from '../../../../src/cli/text.ts'

const counts = { enrolled: 40, exists: 1, rejected: 9, invalid: 0, failed: 0, unknown: 0, busy: 0 }
const progress = { counts, done: 50, total: 200, perSecond: 4.94, etaMs: 30_364 }

/** What is written to a terminal of so many columns. */
function screen(columns: number, work: (io: Io, tick: (ms: number) => void) => void): string {
  let raw = ''
  let time = 0
  work(
    {
      out: () => {},
      err: (line) => void (raw += `${line}\n`),
      terminal: { columns: () => columns, write: (text) => void (raw += text) },
      env: {},
      input: async () => new Uint8Array(),
      onInterrupt() {},
      quit() {},
      now: () => time,
    },
    (ms) => void (time += ms),
  )
  return raw
}

it("is a bar of the terminal's width, which leaves room for lines above it and goes away", () => {
  const raw = screen(100, (io, tick) => {
    const bar = createProgressLine(io)
    bar.show(progress)
    tick(50)
    bar.show({ ...progress, done: 51 }) // too soon to be worth it
    bar.say('line 7: rejected 0001 \x1b[2J')
    tick(100)
    bar.show({ ...progress, done: 200, etaMs: 0 })
    bar.end()
  })
  const text = '50/200 (25 %), 4.9/s, 30s left: enrolled 40, exists 1, rejected 9'
  const bar = `[${'#'.repeat(8)}${'-'.repeat(22)}] ${text}`
  expect(raw).toBe(
    `\r${bar}\x1b[K` +
      `\r\x1b[Kline 7: rejected 0001  [2J\n${bar}` +
      `\r[${'#'.repeat(30)}] 200/200 (100 %), 4.9/s: enrolled 40, exists 1, rejected 9\x1b[K\r\x1b[K`,
  )
})

it('never breaks a narrow line', () => {
  for (const columns of [20, 40, 80, 120]) {
    const raw = screen(columns, (io) => createProgressLine(io).show(progress))
    expect(raw.replace(/\r|\x1b\[K/g, '').length).toBeLessThan(columns)
  }
})

it('is a line each half a minute elsewhere, and one at the end', () => {
  let time = 0
  const said: string[] = []
  const bar = createProgressLine({
    out: () => {},
    err: (line) => void said.push(line),
    env: {},
    input: async () => new Uint8Array(),
    onInterrupt() {},
    quit() {},
    now: () => time,
  })
  for (let done = 1; done <= 100; done++) {
    time += 1000
    bar.show({ ...progress, done, total: 100, etaMs: (100 - done) * 1000 })
  }
  expect(said.map((line) => line.split(',')[0])).toEqual([
    '30/100 (30 %)',
    '60/100 (60 %)',
    '90/100 (90 %)',
    '100/100 (100 %)',
  ])
})

it('says times and counts shortly', () => {
  expect([0, 400, 45_000, 60_000, 725_000, 12_000_000].map(formatDuration)).toEqual([
    '0s',
    '0s',
    '45s',
    '1m 0s',
    '12m 5s',
    '3h 20m',
  ])
  expect(
    describeProgress({ counts: { ...counts, enrolled: 0, exists: 0, rejected: 0 }, done: 0, perSecond: 0 }),
  ).toBe('0: no rows')
  const waiting = { code: 'network_error', host: 'api.test:1', waitedMs: 0, nextTryMs: 1000 } as const
  expect(describeProgress({ ...progress, waiting: { ...waiting, systemCode: 'ENOTFOUND' } })).toBe(
    '50/200 (25 %), waiting for api.test:1 (ENOTFOUND): enrolled 40, exists 1, rejected 9',
  )
  expect(describeProgress({ counts, done: 50, perSecond: 0, waiting })).toContain(
    '50, waiting for api.test:1 (network_error): ',
  )
})

it('prints nothing that a terminal would obey', () => {
  expect(formatPairs({ text: 'a\x1b]0;title\x07b\r\nc\u202ed' })).toBe('text  a ]0;title b c d')
})

it('keeps every row in its timeline, in no more than 120 spans, whenever it came', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.integer({ min: -1000, max: 1_000_000 }), fc.constantFrom(...STATES), fc.boolean()),
        { maxLength: 300 },
      ),
      (rows) => {
        let time = 1_000_000
        const statistics = createStatistics(() => time)
        for (const [step, state, resumed] of rows) {
          time += step
          statistics.add({ state, resumed, code: state })
        }
        const { bins } = statistics.timeline()
        expect(bins.length).toBeLessThanOrEqual(120)
        for (const state of STATES) {
          const [fresh, all] = [
            rows.filter(([, other, resumed]) => other === state && !resumed).length,
            rows.filter(([, other]) => other === state).length,
          ]
          expect(bins.reduce((sum, bin) => sum + (bin[state] ?? 0), 0)).toBe(fresh)
          expect([
            statistics.counts[state],
            statistics.reasons().find((reason) => reason.state === state)?.count ?? 0,
          ]).toEqual([all, all])
        }
      },
    ),
  )
})

it('adds up reasons without growing with them', () => {
  const statistics = createStatistics(() => 0)
  for (let i = 0; i < 10_000; i++) statistics.add({ state: i % 2 ? 'failed' : 'unknown', code: `code ${i}` })
  expect(statistics.reasons().length).toBeLessThan(510)
  expect(statistics.reasons().reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
})
