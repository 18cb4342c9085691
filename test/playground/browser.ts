/** A real Chromium before the playground, and what tests look at and hand over there. */
import { type Browser, chromium, type Page } from 'playwright'
import { expect, onTestFinished } from 'vitest'
import { CHROMIUM_FLAGS, chromiumPath } from '../support/chromium.mjs'
import { until } from './platform.ts'

const FLAGS = [...CHROMIUM_FLAGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
export const hasBrowser = chromiumPath !== undefined
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath!, args: FLAGS })

/** Nothing may be said on the console but that a request was refused. */
export async function openIn(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
  const said: string[] = []
  page.on('pageerror', ({ message }) => said.push(message))
  page.on(
    'console',
    (message) =>
      message.type() === 'error' &&
      !/Failed to load resource/.test(message.text()) &&
      said.push(message.text()),
  )
  onTestFinished(async () => {
    await page.close()
    expect(said).toEqual([])
  })
  await page.goto(url)
  await page.waitForSelector('html[data-ready]')
  return page
}

export const file = (name: string, bytes: Uint8Array, mimeType = 'image/jpeg') => ({
  name,
  mimeType,
  buffer: Buffer.from(bytes),
})
export const text = (page: Page, selector: string): Promise<string> => page.locator(selector).innerText()
/** What the page says of the import. */
export const sees = (page: Page, status: RegExp): Promise<boolean> =>
  until(async () => status.test(await text(page, '#bulk .status')))
