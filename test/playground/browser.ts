/** A real Chromium before the playground, and what tests look at and hand over there. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright'
import { expect, onTestFinished } from 'vitest'
import { until } from './platform.ts'

const executablePath = process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find((path) => existsSync(path))
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
]
export const hasBrowser = executablePath !== undefined
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: executablePath!, args: FLAGS })

/** Nothing may be said on the console but that a request was refused. */
export async function openIn(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
  const said: string[] = []
  page.on('pageerror', ({ message }) => said.push(message))
  page.on('console', (message) => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && said.push(message.text()))
  onTestFinished(async () => {
    await page.close()
    expect(said).toEqual([])
  })
  await page.goto(url)
  await page.waitForSelector('html[data-ready]')
  return page
}

export const file = (name: string, bytes: Uint8Array, mimeType = 'image/jpeg') => ({ name, mimeType, buffer: Buffer.from(bytes) })
export const text = (page: Page, selector: string): Promise<string> => page.locator(selector).innerText()
/** What the page says of the import. */
export const sees = (page: Page, status: RegExp): Promise<boolean> => until(async () => status.test(await text(page, '#bulk .status')), 60_000)
