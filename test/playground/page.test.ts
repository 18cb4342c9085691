/** The page of the playground, as somebody uses it. */
import type { Browser, Page } from 'playwright'
import { samplePhoto } from 'smileid-edge/emulator'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serveEmulator } from '../support/served-emulator.ts'
import { file, hasBrowser, launch, openIn, sees, text } from './browser.ts'
import { start, until } from './platform.ts'

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser
  beforeAll(async () => void (browser = await launch()))
  afterAll(() => browser.close())
  const open = (url: string) => openIn(browser, url)

  test('enrols with the keyboard alone, and with the camera', async () => {
    const { url } = await start()
    const page = await open(url)
    await page.getByLabel('Selfie: choose a file').first().setInputFiles(file('me.jpg', samplePhoto()))
    await page.getByLabel('User id').focus()
    await page.keyboard.type('by-keyboard')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#enrol .out.good')
    expect(await text(page, '#enrol .out')).toMatch(
      /Approved\s+0840 Enroll User[^]*The selfie shows one usable face\s+Passed[^]*11 further actions/,
    )

    await page.keyboard.press('Enter')
    await page.waitForSelector('#enrol .out.bad')
    expect(await text(page, '#enrol .out')).toContain('This user is enrolled already.')

    await page.locator('#enrol').getByRole('button', { name: 'Camera' }).click()
    await page.waitForFunction(
      () => (document.querySelector('#enrol video') as HTMLVideoElement | null)?.videoWidth,
    )
    await page.locator('#enrol').getByRole('button', { name: 'Take the photo' }).click()
    await page.waitForSelector('#enrol img')
    await page.getByLabel('User id').fill('by-camera')
    await page.locator('#enrol').getByRole('button', { name: 'Enrol', exact: true }).click()
    await page.waitForSelector('#enrol .out.good')

    // Wrong files never leave the page.
    await page
      .getByLabel('Selfie: choose a file')
      .first()
      .setInputFiles(file('me.gif', new TextEncoder().encode('GIF89a'), 'image/gif'))
    expect(await text(page, '#enrol .photo [role=status]')).toBe('This is neither a JPEG nor a PNG.')
    await page
      .getByLabel('Selfie: choose a file')
      .first()
      .setInputFiles(file('me.jpg', new Uint8Array(5_100_000)))
    expect(await text(page, '#enrol .photo [role=status]')).toBe('This has 5.1 MB; 5 MB is the most.')
  })

  test('asks for the fields of an ID type, and shows what the authority says', async () => {
    const { url } = await start()
    const page = await open(url)
    await page.locator('#verify [name=country]').selectOption('NG')
    await page.locator('#verify [name=id_type]').selectOption('PHONE_NUMBER')
    expect(await page.locator('#verify .fields label').allInnerTexts()).toEqual([
      'ID number',
      'First name',
      'Last name',
    ])
    await page.locator('#verify [name=id_type]').selectOption('BVN')
    expect(await page.locator('#verify .fields label').allInnerTexts()).toEqual(['ID number'])
    await page.locator('#verify').getByRole('button', { name: 'Verify' }).click()
    await page.waitForSelector('#verify .out.good')
    expect(await text(page, '#verify .out')).toMatch(
      /1012 ID Number Validated[^]*The authority knows the number\s+Verified/,
    )
    await page.locator('#verify [name=id_number]').fill('123')
    await page.locator('#verify').getByRole('button', { name: 'Verify' }).click()
    await page.waitForSelector('#verify .out.bad')
    expect(await text(page, '#verify .out')).toContain('id_info.id_number')
  })

  test('follows a document job, and tells genuine callbacks from others', async () => {
    const { url } = await start()
    const page = await open(url)
    await page.getByRole('button', { name: 'Send an altered one' }).click()
    await page.waitForSelector('#callbacks .out.bad')
    expect(await text(page, '#callbacks .out')).toContain('submit a document job first')
    for (const label of ['Selfie: choose a file', 'Front of the document: choose a file'])
      await page.locator('#document').getByLabel(label).setInputFiles(file('a.jpg', samplePhoto()))
    await page.locator('#document').getByRole('button', { name: 'Submit' }).click()
    await page.waitForSelector('#document .out.good', { timeout: 200_000 })
    const stages = await page.locator('#document .stages li').allInnerTexts()
    expect(stages.map((stage) => stage.replace(/^[\d:]{8} /, '').trim())).toEqual([
      expect.stringContaining('Submitted as job'),
      'Pending',
      expect.stringMatching(/^Approved\s+0810 Document Verified$/),
    ])
    const badges = () => page.locator('#callbacks tbody .badge').allInnerTexts()
    await until(async () => (await badges()).length === 1)
    const answers: string[] = []
    for (const name of ['Send a forged one', 'Send an altered one', 'Send the last one again']) {
      await page.getByRole('button', { name }).click()
      await until(async () => !(await page.getByRole('button', { name }).isDisabled()))
      answers.push(await text(page, '#callbacks .out'))
    }
    expect(answers).toEqual([
      'The receiver answered 401: not signed by the service: nothing was done.',
      'The receiver answered 503: signed, but the service does not say so itself: ' +
        'nothing was done, and it may come again.',
      'The receiver answered 200: genuine, and acted on before: nothing was done.',
    ])
    expect(await badges()).toEqual(['replayed', 'unconfirmed', 'forged', 'verified'])
  })

  test('imports what is dropped, live, in two tabs, and counts as the emulator does', async () => {
    const { url } = await start()
    const page = await open(url)
    await page.locator('#faults [name=fault]').selectOption('reset_after')
    await page.locator('#faults [name=times]').fill('3')
    await page.locator('#faults').getByRole('button', { name: 'Add' }).click()
    await page.waitForSelector('#faults .out.warn')

    const rows = Array.from(
      { length: 40 },
      (_, i) => `person-${i},${i === 5 ? 'yesterday' : '2021-08-12'},${i % 4}.jpg`,
    )
    const csv = ['user_id,user_created_at,photo', ...rows].join('\n')
    const files = [
      ['users.csv', 'text/csv', csv],
      ...Array.from({ length: 3 }, (_, i) => [
        `${i}.jpg`,
        'image/jpeg',
        Buffer.from(samplePhoto({ seed: i + 1 })).toString('base64'),
      ]),
    ]
    const drop = (files: string[][]) =>
      page.evaluate((files) => {
        const transfer = new DataTransfer()
        for (const [name, type, content] of files)
          transfer.items.add(
            new File(
              [
                type === 'text/csv'
                  ? content!
                  : Uint8Array.from(atob(content!), (char) => char.charCodeAt(0)),
              ],
              name!,
              { type: type! },
            ),
          )
        document
          .querySelector('#bulk .drop')!
          .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }, files)
    await drop(files)
    await page.waitForFunction(() =>
      document.querySelector('#bulk .status')?.textContent?.includes('1 photo is missing: drop them here'),
    )
    // The rest, dropped later, goes to the same import.
    await drop([['3.jpg', 'image/jpeg', Buffer.from(samplePhoto({ seed: 4 })).toString('base64')]])
    await sees(page, /^Ready to start: 39 of 40 rows can be sent\.$/)
    await page.locator('#bulk').getByRole('button', { name: 'Start', exact: true }).dblclick()

    const other = await open(url)
    for (const tab of [other, page]) await sees(tab, /^Done: 40 of 40 rows have ended\.$/)
    expect(await text(page, '#bulk .outcomes figcaption')).toBe('Outcomes: 36 enrolled, 3 exists, 1 invalid')
    expect(await text(page, '#bulk .check')).toBe('The emulator counts 39 enrolments and 39 users.')
    expect(await page.locator('#bulk .rate rect').count()).toBeGreaterThan(0)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Failed rows as CSV' }).click()
    const stream = await (await download).createReadStream()
    const [header, first] = Buffer.concat(await stream.toArray())
      .toString()
      .split('\r\n')
    expect(header).toBe('user_id,user_created_at,photo,line,state,code,text')
    expect(first).toMatch(/^person-5,yesterday,1\.jpg,7,invalid,wrong_format,/)
  })

  test('signs in with the token where the API is not its own emulator', async () => {
    const api = await serveEmulator()
    onTestFinished(() => api.close())
    const { url } = await start({
      emulated: false,
      bindings: { SMILE_ID_BASE_URL: api.url, PLAYGROUND_TOKEN: 'the right token' },
    })
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await page.goto(url)
    await page.getByLabel('Token').fill('a wrong token')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#sign-in .out.bad')
    expect(await text(page, '#sign-in .out')).toBe('That is not the token.')
    await page.getByLabel('Token').fill('the right token')
    await page.keyboard.press('Enter')
    await page.waitForSelector('html[data-ready]')
    expect([
      await text(page, '#mode'),
      await page.locator('#faults').isVisible(),
      await page.getByRole('button', { name: 'Sample' }).count(),
    ]).toEqual(['sandbox', false, 0])
    await page.getByLabel('Selfie: choose a file').first().setInputFiles(file('me.jpg', samplePhoto()))
    await page.getByLabel('User id').fill('by-token')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#enrol .out.good')

    await page.setViewportSize({ width: 340, height: 700 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(340)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForSelector('#sign-in[open]')
    expect([await text(page, '#enrol .out'), await page.context().cookies()]).toEqual(['', []])
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
  })

  test('says so when the server is gone, and fits a narrow window, light and dark', async () => {
    const platform = await start()
    const page = await open(platform.url)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: 340, height: 700 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(340)
      expect(await contrast(page)).toBeGreaterThan(4.5)
    }
    await page
      .locator('#enrol')
      .getByLabel('Selfie: choose a file')
      .setInputFiles(file('me.jpg', samplePhoto()))
    await page.getByLabel('User id').fill('too-late')
    await platform.miniflare.dispose()
    await page.getByLabel('User id').press('Enter')
    await page.waitForFunction(() =>
      document
        .querySelector('#enrol .out')
        ?.textContent?.includes('The connection was lost. Nothing is lost: try again.'),
    )
  })
})

/** Of the text on the cards, by the formula of WCAG. */
const contrast = (page: Page) =>
  page.evaluate(() => {
    const luminance = (colour: string) => {
      const [r, g, b] = colour
        .match(/[\d.]+/g)!
        .map((part) => Number(part) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
    }
    const card = document.querySelector('section')!
    const ratios = [card, ...document.querySelectorAll('section > p, section a, section button')].map(
      (element) => {
        const style = getComputedStyle(element)
        const behind =
          style.backgroundColor === 'rgba(0, 0, 0, 0)'
            ? getComputedStyle(card).backgroundColor
            : style.backgroundColor
        const [a, b] = [luminance(style.color), luminance(behind)].sort((x, y) => y - x) as [number, number]
        return element.matches(':disabled') ? 21 : (a + 0.05) / (b + 0.05)
      },
    )
    return Math.min(...ratios)
  })
