/** Imports of many rows, on workerd with D1, R2 and Queues. */
import { samplePhoto } from 'smileid-edge/emulator'
import type { InputIssue } from 'smileid-edge/errors'
import { expect, onTestFinished, test } from 'vitest'
import { hasBrowser, launch } from './browser.ts'
import { openPage, type Page, scratch, start, startApart, until } from './platform.ts'

interface View {
  id: string
  state: string
  note: string | null
  counts: Record<string, number>
  total: number
  open: number
  missing_photos: { count: number }
  problems: { line: number; text: string }[]
  warnings: { count: number; rows: { line: number; text: string }[] }
  dead: { line: number; attempts: number; text: string }[]
}

const csvOf = (count: number, prefix = 'u') =>
  [
    'user_id,user_created_at,photo',
    ...Array.from({ length: count }, (_, i) => `${prefix}${i},2021-08-12,${i % 3}.jpg`),
  ].join('\n')

async function upload(page: Page, csv: string, photos = 3): Promise<string> {
  const id = crypto.randomUUID()
  const made = await page.call(`/api/imports/${id}`, { method: 'PUT', body: csv })
  expect(made.status).toBe(201)
  for (let i = 0; i < photos; i++)
    expect(
      (
        await page.call(`/api/imports/${id}/photos/${i}.jpg`, {
          method: 'PUT',
          body: samplePhoto({ seed: i + 1 }),
        })
      ).status,
    ).toBe(204)
  return id
}

const view = (page: Page, id: string) => page.json<View>(`/api/imports/${id}`)
const order = (page: Page, id: string, what: string) =>
  page.json<View>(`/api/imports/${id}/${what}`, { method: 'POST' })
const done = (page: Page, id: string) =>
  until(async () => {
    const now = await view(page, id)
    return now.open === 0 && now
  })
const fault = (page: Page, name: string, times: number, after = 0) =>
  page.json('/api/emulator/faults', { method: 'POST', body: { fault: name, times, after } })

test('rows with every kind of mistake are listed; mended, they are an input again', async () => {
  const { url } = await start()
  const page = await openPage(url)
  const csv = [
    '\uFEFFuser_id,user_created_at,photo,branch',
    'good,2021-08-12,0.jpg,Ikeja',
    ',2021-08-12,0.jpg,',
    'no-date,,0.jpg,',
    'wrong-date,12/08/2021,0.jpg,',
    'no-such-day,2021-02-30,0.jpg,',
    'no-photo,2021-08-12,,',
    'path,2021-08-12,../0.jpg,',
    'good,2021-08-12,0.jpg,',
    'not-uploaded,2021-08-12,9.jpg,',
    'broken,2021-08-12,1.jpg,',
    '"=cmd()",12/08/2021,0.jpg,',
    '"quoted, with a ""name""",2021-08-12,0.jpg,',
    'short,2021-08-12',
    'long,2021-08-12,0.jpg,Ikeja,more',
    // More than a message of the queue, and than a row of D1.
    `${'\u00e9'.repeat(65_000)},2021-08-12,0.jpg,`,
    `${'x'.repeat(2_100_000)},2021-08-12,${'y'.repeat(130_000)},`,
    'last,2021-08-12,0.jpg,',
  ].join('\r\n')
  const id = crypto.randomUUID()
  await page.call(`/api/imports/${id}`, { method: 'PUT', body: csv })
  await page.call(`/api/imports/${id}/photos/0.jpg`, { method: 'PUT', body: samplePhoto() })
  await page.call(`/api/imports/${id}/photos/1.jpg`, { method: 'PUT', body: samplePhoto().slice(0, 700) })
  expect(
    (await page.call(`/api/imports/${id}/photos/other.jpg`, { method: 'PUT', body: samplePhoto() })).status,
  ).toBe(404)
  expect((await view(page, id)).missing_photos).toEqual({ count: 1, names: ['9.jpg'] })
  await order(page, id, 'start')
  const { counts, problems } = await done(page, id)
  expect(counts).toEqual({ enrolled: 3, invalid: 14 })
  const tooLong = [16, 17].map((line) => expect.stringMatching(new RegExp(`^${line}: .*user_id `)) as string)
  expect(problems.map(({ line, text }) => `${line}: ${text.split(':')[0]}`)).toEqual([
    '3: user_id is missing',
    '4: user_created_at is missing',
    '5: user_created_at has day or month first, and nobody can tell which',
    '6: user_created_at is no day of the calendar',
    '7: photo is missing',
    '8: photo must be the name of a file, without a folder',
    '9: user_id is that of an earlier row',
    '10: photo was not uploaded',
    '11: photo is cut off',
    '12: user_created_at has day or month first, and nobody can tell which',
    '14: has 2 cells, the header has 4',
    '15: has 5 cells, the header has 4',
    ...tooLong,
  ])
  expect(await page.json('/api/emulator')).toEqual({ enrolments: 3, users: 3 })

  const failed = (await (await page.call(`/api/imports/${id}/failed.csv`)).text()).trim().split('\r\n')
  expect(failed.map((line) => line.split(',').slice(0, 1).join())).toEqual([
    'user_id',
    '',
    'no-date',
    'wrong-date',
    'no-such-day',
    'no-photo',
    'path',
    'good',
    'not-uploaded',
    'broken',
    "'=cmd()",
    'short',
    'long',
    '',
    '',
  ])
  expect(failed.find((line) => line.startsWith('broken'))).toContain('photo_truncated')

  const again = await upload(
    page,
    failed
      .map((line) => line.replace('12/08/2021', '2021-08-12'))
      .filter((line, i) => i === 0 || line.startsWith('wrong-date'))
      .join('\n'),
    1,
  )
  await order(page, again, 'start')
  expect((await done(page, again)).counts).toEqual({ enrolled: 1 })
})

test('rows that look damaged are not sent before they are accepted; a pause changes nothing', async () => {
  const { url } = await start({ bindings: { RATE_PER_SECOND: '5' } })
  const page = await openPage(url)
  const lines = csvOf(30).replace('u0,', '2.34812E+12,').replace('u1,', 'NULL,').split('\n')
  const id = await upload(page, [...lines, '#N/A,never,0.jpg'].join('\n'))
  const { warnings, counts } = await view(page, id)
  expect(counts).toEqual({ waiting: 30, invalid: 1 })
  expect({ ...warnings, rows: warnings.rows.map(({ line }) => line) }).toEqual({ count: 2, rows: [2, 3] })
  for (const body of [undefined, {}, { accept_warnings: false }, { accept_warnings: 'yes' }]) {
    const refused = await page.call(`/api/imports/${id}/start`, { method: 'POST', body })
    expect([refused.status, await refused.json()]).toEqual([
      409,
      {
        type: '/problems/looks_damaged',
        code: 'looks_damaged',
        status: 409,
        title: '2 rows look damaged, and nothing was sent: mend the file, or accept them as they are.',
        hint: 'To accept them, start with accept_warnings: true.',
        warnings: 2,
      },
    ])
  }
  expect(await view(page, id)).toMatchObject({ state: 'uploading', counts: { waiting: 30, invalid: 1 } })
  expect(await page.json('/api/emulator')).toEqual({ enrolments: 0, users: 0 })

  const begun = await page.json<View>(`/api/imports/${id}/start`, {
    method: 'POST',
    body: { accept_warnings: true },
  })
  expect(begun.state).toBe('running')
  await order(page, id, 'pause')
  expect(await order(page, id, 'start')).toMatchObject({ state: 'running' })
  expect((await done(page, id)).counts).toEqual({ enrolled: 30, invalid: 1 })
})

test('JSON has its problems by line, or by number where all stands on one line', async () => {
  const { url } = await start()
  const page = await openPage(url)
  const users = [
    { user_id: 'a', user_created_at: '2021-08-12', photo: '0.jpg' },
    { user_id: 4.2, user_created_at: '2021-08-12', photo: '0.jpg' },
    { user_id: 'c', photo: '0.jpg' },
  ]
  for (const [body, second] of [
    [JSON.stringify(users), 2],
    [users.map((user) => JSON.stringify(user)).join('\n\n'), 3],
    [`\n\n${JSON.stringify(users, null, 1)}`, 9],
  ] as const) {
    const id = await upload(page, body, 1)
    const { counts, problems } = await view(page, id)
    expect(counts).toEqual({ waiting: 1, invalid: 2 })
    expect(problems.map(({ line, text }) => [line, text])).toEqual([
      [second, 'user_id must be text'],
      [expect.any(Number), 'user_created_at is missing'],
    ])
  }
})

test('files that cannot be read are refused with the place, and make no import', async () => {
  const { url } = await start()
  const page = await openPage(url)
  const refused = async (body: string | Uint8Array) => {
    const response = await page.call(`/api/imports/${crypto.randomUUID()}`, { method: 'PUT', body })
    const { code, issues } = (await response.json()) as { code: string; issues?: InputIssue[] }
    return [response.status, issues?.map((issue) => `${issue.path} ${issue.code}`).join() ?? code]
  }
  const header = 'user_id,user_created_at,photo'
  expect(await refused('user_id,photo\na,b.jpg')).toEqual([422, 'line 1 missing'])
  expect(await refused('user_id,user_id,user_created_at,photo\na,a,2021-08-12,b.jpg')).toEqual([
    422,
    'line 1 duplicate',
  ])
  for (const [rows, line] of [
    ['a,2021-08-12,b.jpg\n"b,2021-08-12,b.jpg\nc,2021-08-12,b.jpg', 3],
    ['"a,2021-08-12,b.jpg', 2],
  ])
    expect(await refused(`${header}\n${rows}`)).toEqual([422, `line ${line} wrong_format`])
  expect(await refused('')).toEqual([422, 'file missing'])
  expect(await refused(`${header}\n`)).toEqual([422, 'no_rows'])
  // UTF-16, of which the letter A is no header.
  expect(await refused(Uint8Array.of(0xff, 0xfe, 0x41, 0))).toEqual([422, 'line 1 missing'])
  expect(await refused(csvOf(10_001))).toEqual([413, 'too_many_rows'])
  expect(await refused(new Uint8Array(6_000_000).fill(97))).toEqual([413, 'too_large'])
  expect(await page.json('/api/imports')).toEqual({ imports: [] })

  // All 5 MB of a file, in long rows, which are twice as long as JSON: D1 takes 2 MB at once.
  const long = [
    'user_id,user_created_at,photo',
    ...Array.from({ length: 1000 }, (_, i) => `${'\\'.repeat(4900)}${i},2021-08-12,0.jpg`),
  ]
  const id = crypto.randomUUID()
  expect((await page.call(`/api/imports/${id}`, { method: 'PUT', body: long.join('\n') })).status).toBe(201)
  expect((await view(page, id)).total).toBe(1000)
})

test('an import is made and started once, can be held, and ends where it is told to', async () => {
  const { url } = await start({ bindings: { RATE_PER_SECOND: '20' } })
  const page = await openPage(url)
  const id = await upload(page, csvOf(100))
  expect((await page.call(`/api/imports/${id}`, { method: 'PUT', body: csvOf(100) })).status).toBe(200)
  const clicks = await Promise.all([order(page, id, 'start'), order(page, id, 'start')])
  expect(clicks.map(({ state, total }) => `${state} ${total}`)).toEqual(['running 100', 'running 100'])
  await until(async () => (await view(page, id)).counts.enrolled)
  expect((await order(page, id, 'pause')).state).toBe('paused')
  // What was taken off the queue before is still sent; then nothing moves.
  const still = await until(async () => {
    const before = await page.json<{ enrolments: number }>('/api/emulator')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const after = await page.json<{ enrolments: number }>('/api/emulator')
    return before.enrolments === after.enrolments && after
  })
  expect(await page.call(`/api/imports/${id}/again`, { method: 'POST' }).then(({ status }) => status)).toBe(
    409,
  )
  if (still.enrolments < 100) {
    expect((await order(page, id, 'start')).state).toBe('running')
    expect((await done(page, id)).counts).toEqual({ enrolled: 100 })
  }
  expect(await page.json('/api/emulator')).toEqual({ enrolments: 100, users: 100 })

  const other = await upload(page, csvOf(3, 'other-'))
  await order(page, other, 'cancel')
  expect((await page.call(`/api/imports/${other}/start`, { method: 'POST' })).status).toBe(409)
})

test('what cannot be sent ends among the dead letters, is shown, and can be tried again', async () => {
  const { url } = await start({ maxRetries: 1 })
  const page = await openPage(url)
  await fault(page, 'server_error', 1000, 0)
  const id = await upload(page, csvOf(3))
  await order(page, id, 'start')
  const dead = await until(async () => {
    const now = await view(page, id)
    return now.dead.length === 3 && now.open === 0 && now
  })
  expect(dead.dead.map(({ line, text }) => `${line} ${text}`)).toEqual(
    [2, 3, 4].map((line) => expect.stringMatching(new RegExp(`^${line} \\w`)) as string),
  )
  expect(await page.json('/api/emulator')).toEqual({ enrolments: 0, users: 0 })
  await page.call('/api/emulator/faults/none', { method: 'POST' })
  expect((await page.call(`/api/imports/${id}/again`, { method: 'POST' })).status).toBe(202)
  expect(await done(page, id)).toMatchObject({ counts: { enrolled: 3 }, dead: [] })
})

test('what is refused to all rows holds the import; once resumed, every row is enrolled', async () => {
  const state = scratch()
  // One delivery is all that a row has.
  const wrong = await start({ state, maxRetries: 0, bindings: { SMILE_ID_API_KEY: 'another key' } })
  let page = await openPage(wrong.url)
  const [id, other] = [await upload(page, csvOf(30)), await upload(page, csvOf(5, 'other-'))]
  const held = (id: string) =>
    until(async () => {
      const now = await view(page, id)
      return now.state === 'paused' && now
    })
  for (let resumed = 0; resumed < 3; resumed++) {
    await order(page, id, 'start')
    expect(await held(id)).toMatchObject({
      note: 'unauthorized: Check partner id, API key, environment and clock.',
      open: 30,
      counts: { waiting: 30 },
      dead: [],
    })
  }
  await wrong.miniflare.dispose()

  const right = await start({ state, maxRetries: 0 })
  page = await openPage(right.url)
  await fault(page, 'no_funds', 1000, 10)
  expect(await order(page, id, 'start')).toMatchObject({ state: 'running', note: null })
  const empty = await held(id)
  expect(empty).toMatchObject({
    note: 'payment_required: Top up the wallet.',
    counts: { enrolled: 10, waiting: 20 },
    dead: [],
  })
  await page.call('/api/emulator/faults/none', { method: 'POST' })
  for (const one of [id, other]) await order(page, one, 'start')
  expect([(await done(page, id)).counts, (await done(page, other)).counts]).toEqual([
    { enrolled: 30 },
    { enrolled: 5 },
  ])
  expect(await page.json('/api/emulator')).toEqual({ enrolments: 35, users: 35 })
})

test.skipIf(!hasBrowser)(
  '5,000 rows with faults, and the platform killed in the middle: each is enrolled once',
  async () => {
    const state = scratch()
    const before = await startApart(state)
    const page = await openPage(before.url)
    const browser = await launch()
    onTestFinished(() => browser.close())
    const id = await upload(page, csvOf(5000))
    const shown = await browser.newPage()
    await shown.goto(before.url)
    const status = () => shown.locator('#bulk .status').innerText()
    await until(async () => /^Ready to start: 5,000 of 5,000 rows can be sent\.$/.test(await status()))

    const strike = async (names: readonly string[], times: number, every: number) => {
      for (const [i, name] of names.entries())
        for (let k = 0; k < 3; k++) await fault(page, name, times, 100 + i * every + k * every * names.length)
    }
    await strike(['unavailable', 'reset_before', 'reset_after', 'truncated', 'server_error'], 3, 100)
    await shown.getByRole('button', { name: 'Start', exact: true }).click()
    // To count so many rows is work for the platform, too.
    const seldom = { everyMs: 1000 }
    await until(async () => ((await view(page, id)).counts.enrolled ?? 0) >= 2000, seldom)
    await before.kill()
    await until(async () => (await status()).startsWith('The connection was lost'))

    // The same address: the page that was open goes on.
    await startApart(state, { port: before.port })
    const half = await view(page, id)
    expect(half.counts.enrolled).toBeGreaterThanOrEqual(2000)
    expect(half.total).toBe(5000)
    await strike(['reset_after', 'unavailable', 'truncated'], 3, 150)
    // Last, since it takes a gate a while to trust the service again.
    await fault(page, 'rate_limited', 3, half.open - 200)
    await until(async () => /^Done: 5,000 of 5,000 rows have ended\.$/.test(await status()), seldom)
    const { counts, dead } = await view(page, id)
    // Enrolled, or found enrolled by a call whose end nobody saw.
    expect([(counts.enrolled ?? 0) + (counts.exists ?? 0), dead]).toEqual([5000, []])
    expect(counts.exists).toBeGreaterThanOrEqual(20)
    const { enrolments, users } = await page.json('/api/emulator')
    expect([enrolments, users]).toEqual([5000, 5000])
    const [outcomes, check] = await Promise.all(
      ['.outcomes figcaption', '.check'].map((part) => shown.locator(`#bulk ${part}`).innerText()),
    )
    expect([outcomes, check]).toEqual([
      `Outcomes: ${counts.enrolled} enrolled, ${counts.exists} exists`,
      'The emulator counts 5,000 enrolments and 5,000 users.',
    ])
  },
  // Ten minutes were not enough where sixteen others wanted the two cores.
  1_800_000,
)
