/** What people and networks do wrong, on the real page: each is said clearly, and loses nothing. */
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright'
import { samplePhoto } from 'smileid-edge/emulator'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serveEmulator } from '../support/served-emulator.ts'
import { file, hasBrowser, launch, openIn, sees, text } from './browser.ts'
import { scratch, start, startApart, until } from './platform.ts'

const choose = (page: Page, files: Parameters<Locator['setInputFiles']>[0]) =>
  page.locator('#bulk input[type=file]').setInputFiles(files)
const csv = (rows: readonly string[], name = 'users.csv') =>
  file(name, new TextEncoder().encode(['user_id,user_created_at,photo', ...rows].join('\n')), 'text/csv')

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser
  beforeAll(async () => void (browser = await launch()))
  afterAll(() => browser.close())
  const open = (url: string) => openIn(browser, url)

  test('refuses files of a wrong kind and of 100 MB before they are sent, and takes the others', async () => {
    const { url } = await start()
    const page = await open(url)
    const sent: string[] = []
    page.on(
      'request',
      (request) =>
        request.method() !== 'GET' && sent.push(new URL(request.url()).pathname.split('/').at(-1)!),
    )
    const huge = (name: string) => {
      const path = join(scratch(), name)
      writeFileSync(path, samplePhoto())
      truncateSync(path, 100_000_000)
      return path
    }
    const [photo, table] = [huge('huge.jpg'), huge('huge.csv')]
    for (const label of ['Selfie: choose a file', 'Front of the document: choose a file']) {
      await page.locator('#document').getByLabel(label).setInputFiles(photo)
      expect(
        await page
          .locator('#document .photo', { has: page.getByLabel(label) })
          .getByRole('status')
          .innerText(),
      ).toBe('This has 100.0 MB; 5 MB is the most.')
    }
    for (const [chosen, said] of [
      [
        file('notes.pdf', new TextEncoder().encode('?'), 'application/pdf'),
        'Neither a table, JPEG nor PNG: notes.pdf.',
      ],
      [
        file('users.xlsx', new TextEncoder().encode('PK'), 'application/zip'),
        'A sheet, to be saved as CSV (UTF-8) first: users.xlsx.',
      ],
      [photo, 'Larger than 5 MB: huge.jpg (100 MB).'],
      [table, 'Larger than 5 MB: huge.csv (100 MB).'],
    ] as const) {
      await choose(page, chosen as never)
      await until(async () => (await text(page, '#bulk .out')).startsWith(said))
    }
    expect(sent).toEqual([])
    expect(await page.locator('#bulk .run').isVisible()).toBe(false)

    // What only says that it is a photo is found out by the SDK, and nobody is enrolled.
    await page
      .locator('#enrol')
      .getByLabel('Selfie: choose a file')
      .setInputFiles(file('me.jpg', new TextEncoder().encode('GIF89a, which is no photo here')))
    await page.getByLabel('User id').fill('gif')
    await page.getByLabel('User id').press('Enter')
    await page.waitForSelector('#enrol .out.bad')
    expect(await text(page, '#enrol .out')).toMatch(
      /^Some of the input is missing or wrong\.\s+photo is GIF: only JPEG and PNG are taken/,
    )

    // What only says that it is a CSV is refused with the reason; the right one then makes the import, and
    // what is left out is said.
    await choose(page, file('users.csv', Uint8Array.of(0x50, 0x4b, 0xff, 0xfe), 'text/csv'))
    await until(async () =>
      (await text(page, '#bulk .out')).includes('line 1 is not UTF-8: save the file as UTF-8'),
    )
    const content = new TextEncoder().encode('text')
    const more = [
      file('notes.pdf', content, 'application/pdf'),
      file('half.jpg', samplePhoto().slice(0, 700), 'image/jpeg'),
      file('text.jpg', content, 'image/jpeg'),
      file('0.jpg', samplePhoto(), 'image/jpeg'),
    ]
    await choose(page, [
      csv(['a,2021-08-12,0.jpg', 'b,2021-08-12,half.jpg', 'c,2021-08-12,text.jpg']),
      csv(['d,2021-08-12,0.jpg'], 'second.csv'),
      // First of all, but a text may be anything.
      file('notes.txt', content, 'text/plain'),
      ...more,
    ])
    await sees(page, /^Ready to start: 3 of 3 rows can be sent\.$/)
    expect((await text(page, '#bulk .out')).split(/\n+/)).toEqual([
      'Neither a table, JPEG nor PNG: notes.pdf.',
      'One table at a time: second.csv, notes.txt.',
      'Left out; nothing of it was sent.',
    ])
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await sees(page, /^Done: 3 of 3/)
    await page.locator('#bulk .problems summary').click()
    expect((await text(page, '#bulk .problems ul')).split(/\n+/)).toEqual([
      expect.stringMatching(/^line 3: photo is cut off/),
      expect.stringMatching(/^line 4: photo is no picture: only JPEG and PNG are taken/),
    ])
    expect(await text(page, '#bulk .check')).toBe('The emulator counts 1 enrolment and 1 user.')
  })

  test('names ten kinds of mistakes in a CSV, line by line, and enrols the others', async () => {
    const { url } = await start()
    const page = await open(url)
    const rows: [row: string, problem?: string][] = [
      ['good-1,2021-08-12,0.jpg'],
      [',2021-08-12,0.jpg', 'user_id is missing'],
      ['no-date,,0.jpg', 'user_created_at is missing'],
      ['us-date,08/12/2021,0.jpg', 'user_created_at has day or month first'],
      ['no-such-day,2021-02-30,0.jpg', 'user_created_at is no day of the calendar'],
      ['no-photo,2021-08-12,', 'photo is missing'],
      ['path,2021-08-12,../0.jpg', 'photo must be the name of a file'],
      ['good-1,2021-08-12,0.jpg', 'user_id is that of an earlier row'],
      ['short,2021-08-12', 'has 2 cells, the header has 3'],
      ['long,2021-08-12,0.jpg,x', 'has 4 cells, the header has 3'],
      [
        'two\tids,tomorrow,0.jpg',
        'user_id has a control character, U\\+0009: take it out; user_created_at must be',
      ],
      ['good-2,2021-08-12,0.jpg'],
    ]
    await choose(page, [csv(rows.map(([row]) => row)), file('0.jpg', samplePhoto())])
    await sees(page, /^Ready to start: 2 of 12 rows can be sent\.$/)
    await page.locator('#bulk .problems summary').click()
    const said = async () => (await text(page, '#bulk .problems ul')).split(/\n+/)
    const wanted = rows.flatMap(([, problem], i) =>
      problem ? [expect.stringMatching(new RegExp(`^line ${i + 2}: ${problem}`)) as string] : [],
    )
    expect([await text(page, '#bulk .problems summary'), await said()]).toEqual(['10 rows are wrong', wanted])
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await sees(page, /^Done: 12 of 12/)
    expect([await said(), await text(page, '#bulk .check')]).toEqual([
      wanted,
      'The emulator counts 2 enrolments and 2 users.',
    ])

    // Where nobody can tell rows from each other, nothing is begun, and the import before it stands.
    await choose(page, [csv(['a,2021-08-12,0.jpg', '"b,2021-08-12,0.jpg'])])
    await page.waitForSelector('#bulk .out.bad')
    expect(await text(page, '#bulk .out')).toContain('line 3 opens a quote that is never closed')
    await sees(page, /^Done: 12 of 12/)
  })

  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
  const user = (user_id: string) => ({ user_id, user_created_at: '2021-08-12', photo: '0.jpg' })
  const lines = ['user_id,user_created_at,photo', 'a,2021-08-12,0.jpg', 'b,2021-08-12,0.jpg']
  const tsv = lines.join('\r\n').replaceAll(',', '\t')
  test('takes tables as people have them', async () => {
    const { url } = await start()
    const page = await open(url)
    const tables: [name: string, content: string | Uint8Array, type?: string][] = [
      ['users.tsv', tsv, 'text/tab-separated-values'],
      ['users.txt', utf16(tsv), 'text/plain'],
      ['users.csv', lines.join('\n').replaceAll(',', ';')],
      ['users.csv', utf16(lines.join('\r\n'))],
      ['users.json', JSON.stringify([user('a'), user('b')]), 'application/json'],
      ['users.json', utf16(JSON.stringify([user('a'), user('b')], null, 2)), 'application/json'],
      ['users.ndjson', `${JSON.stringify(user('a'))}\n${JSON.stringify(user('b'))}\n`, ''],
    ]
    for (const [name, content, type = 'text/csv'] of tables) {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
      await choose(page, file(name, bytes, type))
      await sees(page, /^Ready to start: 2 of 2 rows can be sent\. 1 photo is missing/)
      expect(await page.locator('#bulk .damaged').isVisible(), name).toBe(false)
      await choose(page, file('0.jpg', samplePhoto()))
      await sees(page, /^Ready to start: 2 of 2 rows can be sent\.$/)
    }
    const { imports } = (await (await page.request.get(`${url}/api/imports`)).json()) as {
      imports: unknown[]
    }
    expect(imports).toHaveLength(tables.length)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await sees(page, /^Done: 2 of 2/)
    expect(await text(page, '#bulk .check')).toBe('The emulator counts 2 enrolments and 2 users.')
  })

  test('shows rows that look damaged before they are sent, and sends them when told so', async () => {
    const { url } = await start()
    const page = await open(url)
    const rows = ['2.34812E+12,2021-08-12,0.jpg', 'good,2021-08-12,0.jpg', 'old,1899-12-30,0.jpg']
    await choose(page, [csv([...rows, '#N/A,never,0.jpg']), file('0.jpg', samplePhoto())])
    await sees(page, /^Ready to start: 3 of 4 rows can be sent\.$/)
    expect(await text(page, '#bulk .warnings summary')).toBe('2 rows look damaged')
    expect((await text(page, '#bulk .warnings ul')).split(/\n+/)).toEqual([
      'line 2: user_id is a number that a spreadsheet has rounded: export the column as text',
      expect.stringMatching(/^line 4: user_created_at is /),
    ])
    // What has a problem as well is not sent anyway.
    expect(await text(page, '#bulk .problems summary')).toBe('1 row is wrong')
    const begin = page.getByRole('button', { name: 'Start', exact: true })
    expect(await begin.isDisabled()).toBe(true)
    const accept = page.getByLabel('send them as they are')
    await accept.check()
    expect(await begin.isEnabled()).toBe(true)
    await accept.uncheck()
    expect(await begin.isDisabled()).toBe(true)

    // A new file has to be looked at anew.
    await accept.check()
    await choose(page, csv(rows))
    await sees(page, /^Ready to start: 3 of 3 rows can be sent\. 1 photo is missing/)
    expect([await accept.isChecked(), await begin.isDisabled()]).toEqual([false, true])
    await choose(page, file('0.jpg', samplePhoto()))
    await sees(page, /^Ready to start: 3 of 3 rows can be sent\.$/)
    await accept.check()
    await begin.click()
    await sees(page, /^Done: 3 of 3/)
    expect([await page.locator('#bulk .damaged').isVisible(), await text(page, '#bulk .check')]).toEqual([
      false,
      'The emulator counts 3 enrolments and 3 users.',
    ])
  })

  test('takes a double click for one, wherever it falls', async () => {
    const { url } = await start()
    const page = await open(url)
    await page
      .locator('#enrol')
      .getByLabel('Selfie: choose a file')
      .setInputFiles(file('me.jpg', samplePhoto()))
    await page.getByLabel('User id').fill('twice')
    await page.locator('#enrol').getByRole('button', { name: 'Enrol', exact: true }).dblclick({ delay: 60 })
    await page.waitForSelector('#enrol .out.good')
    await page.waitForTimeout(500)
    expect(await text(page, '#enrol .out')).toMatch(/^Approved/)
    await choose(page, [csv(['a,2021-08-12,0.jpg', 'b,2021-08-12,0.jpg']), file('0.jpg', samplePhoto())])
    await sees(page, /^Ready to start/)
    await page.getByRole('button', { name: 'Start', exact: true }).dblclick()
    await sees(page, /^Done: 2 of 2/)
    expect([await text(page, '#bulk .out'), await text(page, '#bulk .check')]).toEqual([
      '',
      'The emulator counts 3 enrolments and 3 users.',
    ])
  })

  test('loses nothing when the connection is lost, whenever that is, and says so', async () => {
    const state = scratch()
    // Slow enough to be met in the midst of the run.
    const bindings = { RATE_PER_SECOND: '40' }
    let platform = startApart(state, { bindings })
    const { url, port } = await platform
    const page = await open(url)
    const kill = async () => (await platform).kill()
    const goOn = () => (platform = startApart(state, { port, bindings }))
    // The power fails before the CSV, with the third photo on its way, and in the midst of the run.
    let photos = 0
    await page.route('**/photos/*', async (route) => {
      if (++photos === 3) await kill()
      await route.continue()
    })
    await kill()
    await choose(page, [
      csv(Array.from({ length: 300 }, (_, i) => `lost-${i},2021-08-12,${i % 8}.jpg`)),
      ...Array.from({ length: 8 }, (_, i) => file(`${i}.jpg`, samplePhoto({ seed: i + 1 }))),
    ])
    const kept =
      'The connection was lost. The table is kept here and sent as soon as it is back: leave this page open.'
    await sees(page, new RegExp(`^${kept.replaceAll('.', '\\.')}$`))
    goOn()
    await sees(page, /^The connection was lost\. \d of 8 photos are on the server, the others are kept here/)
    goOn()
    await sees(page, /^Ready to start: 300 of 300 rows can be sent\.$/)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await sees(page, /^Running: [1-9]/)
    await kill()
    await sees(page, /^The connection was lost; the import goes on without this page\. Looking again\.$/)
    goOn()
    await sees(page, /^Done: 300 of 300/)
    expect(await text(page, '#bulk .check')).toBe('The emulator counts 300 enrolments and 300 users.')
    const { imports } = (await (await page.request.get(`${url}/api/imports`)).json()) as {
      imports: unknown[]
    }
    expect(imports.length).toBe(1)
  }, 600_000)

  test('shows one import in two tabs, which both upload to it, start it and hold it', async () => {
    const { url } = await start({ bindings: { RATE_PER_SECOND: '15' } })
    const tabs = [await open(url), await open(url)] as const
    const files = [
      csv(Array.from({ length: 60 }, (_, i) => `tab-${i},2021-08-12,${i % 2}.jpg`)),
      file('0.jpg', samplePhoto()),
    ]
    await choose(tabs[0], files)
    await sees(tabs[0], /1 photo is missing/)
    // As if one came back to it.
    await tabs[1].evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await sees(tabs[1], /1 photo is missing/)
    await Promise.all(tabs.map((tab) => choose(tab, file('1.jpg', samplePhoto({ seed: 2 })))))
    for (const tab of tabs) await sees(tab, /^Ready to start: 60 of 60/)
    await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Start', exact: true }).click()))
    for (const tab of tabs) await sees(tab, /^Running/)
    await tabs[0].getByRole('button', { name: 'Pause' }).click()
    for (const tab of tabs) await sees(tab, /^Paused/)
    await tabs[1].getByRole('button', { name: 'Resume' }).click()
    for (const tab of tabs) await sees(tab, /^Done: 60 of 60/)
    for (const tab of tabs)
      expect([await text(tab, '#bulk .check'), await text(tab, '#bulk .out')]).toEqual([
        'The emulator counts 60 enrolments and 60 users.',
        '',
      ])
  })

  test('holds an import that is refused as a whole, shows why, and goes on where it stood', async () => {
    const { url } = await start()
    const page = await open(url)
    await page.locator('#faults [name=fault]').selectOption('no_funds')
    await page.locator('#faults [name=times]').fill('1000')
    await page.locator('#faults').getByRole('button', { name: 'Add' }).click()
    await page.waitForSelector('#faults .out.warn')
    await choose(page, [
      csv(Array.from({ length: 20 }, (_, i) => `held-${i},2021-08-12,0.jpg`)),
      file('0.jpg', samplePhoto()),
    ])
    await sees(page, /^Ready/)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await sees(page, /^Paused: 0 of 20 rows have ended\.$/)
    const why = await text(page, '#bulk .run .why')
    expect(why).toMatch(
      /^payment_required: Top up the wallet\.\s+This was refused to one row and would be to all/,
    )
    expect(why).toContain('so the import held itself. No row is lost or used up')
    await page.getByRole('button', { name: 'Take all back' }).click()
    await page.waitForSelector('#faults .out.good')
    await page.getByRole('button', { name: 'Resume' }).click()
    await sees(page, /^Done: 20 of 20/)
    expect([await page.locator('#bulk .run .why').isVisible(), await text(page, '#bulk .check')]).toEqual([
      false,
      'The emulator counts 20 enrolments and 20 users.',
    ])
  })

  test('goes on when the session has expired: by itself, or once one has signed in again', async () => {
    const [context, { url: emulator }] = await Promise.all([browser.newContext(), start()])
    onTestFinished(() => context.close())
    const tab = async () => {
      const page = await context.newPage()
      await page.goto(emulator)
      await page.waitForSelector('html[data-ready]')
      return page
    }
    const emulated = await tab()
    const enrol = async (page: Page, user: string) => {
      await page
        .locator('#enrol')
        .getByLabel('Selfie: choose a file')
        .setInputFiles(file('me.jpg', samplePhoto()))
      await page.getByLabel('User id').fill(user)
      await page.getByLabel('User id').press('Enter')
    }
    await context.clearCookies()
    await enrol(emulated, 'late')
    await emulated.waitForSelector('#enrol .out.good')
    expect(await text(emulated, '#notice')).toBe(
      'The session was over; there is a new one, and nothing is lost.',
    )
    // Another tab, which has a session of its own by then, too.
    const other = await tab()
    await context.clearCookies()
    for (const [tab, user] of [
      [other, 'other'],
      [emulated, 'again'],
    ] as const) {
      await enrol(tab, user)
      await until(async () => (await tab.locator('#enrol .out').getAttribute('class')) === 'out good')
    }

    const api = await serveEmulator()
    onTestFinished(() => api.close())
    const { url } = await start({
      emulated: false,
      bindings: { SMILE_ID_BASE_URL: api.url, PLAYGROUND_TOKEN: 'the right token' },
    })
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await page.goto(url)
    const signIn = async () => {
      await page.getByLabel('Token').fill('the right token')
      await page.keyboard.press('Enter')
    }
    await signIn()
    await page.waitForSelector('html[data-ready]')
    await page.context().clearCookies()
    await enrol(page, 'later')
    await page.waitForSelector('#sign-in[open]')
    expect(await text(page, '#sign-in .why')).toBe(
      'The session is over. Nothing is lost: sign in again, and it goes on.',
    )
    await signIn()
    await page.waitForSelector('#enrol .out.good')
    // In the midst of an import, too.
    await page.context().clearCookies()
    await choose(page, [csv(['a,2021-08-12,0.jpg']), file('0.jpg', samplePhoto())])
    await page.waitForSelector('#sign-in[open]')
    await signIn()
    await sees(page, /^Ready to start: 1 of 1 row can be sent\.$/)
  })
})
