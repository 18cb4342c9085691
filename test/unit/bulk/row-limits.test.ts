/** One row never blocks the others: what is too long, or cannot be sent, is invalid, by its path. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type BackfillInput, backfillUsers, checkRows } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { type BackfillMessage, type QueueLike, sendBackfill } from 'smileid-edge/cloudflare'
import { createEmulator } from 'smileid-edge/emulator'
import { openFileJournal } from 'smileid-edge/node'
import { row } from '../../support/rows.ts'

const dir = mkdtempSync(join(tmpdir(), 'smileid-row-limits-'))
afterAll(() => rmSync(dir, { recursive: true }))
let files = 0
const openJournal = () => openFileJournal(join(dir, `${files++}.ndjson`))

/** How each row ended, by its place; the journal is a file, whose lines are limited. */
async function endsOf(rows: readonly BackfillInput[], fetch?: (typeof globalThis)['fetch']) {
  const emulator = createEmulator()
  const journal = await openJournal()
  const client = createClient({
    ...emulator.clientOptions,
    ...(fetch && { fetch: async (url, init) => fetch(new Request(url, init)) }),
  })
  const runs: string[][] = []
  try {
    // Another run passes over what the first has done.
    for (let i = 0; i < 2; i++) {
      const ends: string[] = []
      for await (const outcome of backfillUsers(client, rows, { journal })) {
        const issues = outcome.state === 'invalid' ? outcome.error.issues : []
        ends[outcome.index] = [outcome.state, ...issues.map(({ path, code }) => `${path} ${code}`)].join(' ')
      }
      runs.push(ends)
    }
  } finally {
    await journal.close()
  }
  expect(runs[1]).toEqual(runs[0])
  return { ends: runs[0]!, emulator }
}

async function problemsOf(rows: readonly BackfillInput[]): Promise<string[]> {
  const problems: string[] = []
  for await (const { index, error } of checkRows(rows)) {
    problems.push(...error.issues.map(({ path, code }) => `${index} ${path} ${code}`))
  }
  return problems
}

/** Ids with so many bytes as JSON has them, of characters that take one byte, two, three or four. */
const sized = (bytes: number) =>
  ['x', '"', '\\', 'é', '€', '😀'].map((character) => {
    const each = Buffer.byteLength(JSON.stringify(character)) - 2
    return character.repeat(Math.floor(bytes / each)) + 'x'.repeat(bytes % each)
  })

describe('a user_id', () => {
  it('of 60,000 bytes goes through a journal in a file, and a longer one is invalid', async () => {
    const [fit, long] = [sized(60_000), sized(60_001)]
    for (const id of fit) expect(Buffer.byteLength(JSON.stringify(id))).toBe(60_002)
    const rows = [...fit, ...long, 'x'.repeat(70_000), 'x'.repeat(130_000), 'last'].map((id) => row(id))
    const invalid = 'invalid user_id wrong_format'
    const { ends, emulator } = await endsOf(rows)
    expect(ends).toEqual([
      ...fit.map(() => 'enrolled'),
      ...long.map(() => invalid),
      invalid,
      invalid,
      'enrolled',
    ])
    expect([...emulator.users].length).toBe(fit.length + 1)
    expect(await problemsOf(rows)).toEqual(
      Array.from({ length: long.length + 2 }, (_, i) => `${fit.length + i} user_id wrong_format`),
    )
  })

  it('of 60,000 bytes goes into a queue, beside the longest key of a photo', async () => {
    const sent: BackfillMessage[] = []
    const queue: QueueLike<BackfillMessage> = {
      sendBatch: async (messages) => void sent.push(...[...messages].map(({ body }) => body)),
    }
    const message = (user_id: string, photo = '"'.repeat(1024)): BackfillMessage => ({
      user_id,
      user_created_at: '2021-05-18 15:14:43.123456789-0700',
      photo,
    })
    await sendBackfill(
      queue,
      sized(60_000).map((id) => message(id)),
    )
    expect(sent).toHaveLength(6)
    const error = await sendBackfill(queue, [
      message('x'.repeat(60_001)),
      message('a', 'é'.repeat(513)),
      message('b'),
    ]).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      issues: [
        { path: 'rows[0].user_id', code: 'wrong_format' },
        { path: 'rows[1].photo', code: 'wrong_format' },
      ],
    })
    expect(sent).toHaveLength(6)
  })
})

it('columns that no message can have are named before anything is put on a queue', async () => {
  const broken = (): never => {
    throw new TypeError('CANARY')
  }
  const circle: { self?: unknown } = {}
  circle.self = circle
  const message = (more: object) =>
    Object.defineProperties(
      { user_id: 'u', user_created_at: '2021-08-12', photo: 'p' },
      Object.getOwnPropertyDescriptors(more),
    ) as BackfillMessage
  const queue: QueueLike<BackfillMessage> = { sendBatch: broken }
  const error = await sendBackfill(queue, [
    message({ total: 5n, note: 'kept' }),
    message({
      circle,
      get late() {
        return broken()
      },
    }),
    // Never asked: what was checked is what is sent.
    message({ toJSON: broken }),
    message({ photo: 5 }),
  ]).catch((thrown: unknown) => thrown)
  const { issues } = error as { issues: { path: string; code: string }[] }
  expect(issues.map(({ path, code }) => `${path} ${code}`)).toEqual([
    'rows[0].total wrong_type',
    'rows[1].circle wrong_type',
    'rows[1].late wrong_type',
    'rows[3].photo wrong_type',
  ])
  expect(JSON.stringify(issues)).not.toContain('CANARY')
})

it("a job's id that is too long for the journal ends no run", async () => {
  const emulator = createEmulator()
  const { ends } = await endsOf([row('a'), row('b')], async (request) => {
    const reply = await emulator.fetch(request as Request)
    const members = (await reply.json()) as object
    return Response.json({ ...members, SmileJobID: '1'.repeat(70_000) }, { status: reply.status })
  })
  expect(ends).toEqual(['enrolled', 'enrolled'])
})
