/** The search itself: it knows every form, and it fails where a leak is planted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SmileIdApiError } from 'smileid-edge'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { openFileJournal } from 'smileid-edge/node'
import { CANARY, FORMS, KEY_OF_EMULATOR, PHOTO, printed, tracesIn } from '../../support/canary'
import { collectTraces } from '../../support/canary-setup'

const markers = Object.entries({ ...CANARY, keyOfEmulator: KEY_OF_EMULATOR })

it('knows the values that nobody has to ask for', () => {
  expect(createEmulator().clientOptions.apiKey).toBe(KEY_OF_EMULATOR)
  for (const seed of [1, 2, 77])
    expect(Buffer.from(samplePhoto({ seed })).includes(Buffer.from(PHOTO))).toBe(true)
})

describe.each(markers)('%s is found', (marker, text) => {
  const bytes = Buffer.from(text)
  it.each([
    ['plain', text],
    ['JSON', JSON.stringify({ text })],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ text }))],
    ['URL', `https://a.example/?q=${encodeURIComponent(text)}`],
    ['form', String(new URLSearchParams({ text }))],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['inspected bytes', inspect(bytes)],
    ['listed bytes', JSON.stringify([...bytes])],
    ...[0, 1, 2, 3, 4, 5].map((before) => [
      `base64 after ${before}`,
      Buffer.from(`${'x'.repeat(before)}${text}yz`).toString('base64'),
    ]),
    ['base64url', bytes.toString('base64url')],
    ['an error', printed(new Error(`no ${text}`), inspect)],
    ['a cause', printed(new Error('no', { cause: new Error(text) }), inspect)],
    [
      'a hidden member',
      printed(Object.defineProperty(new Error('no'), 'secret', { value: { deep: [text] } }), inspect),
    ],
  ])('%s', (_, where) =>
    expect(tracesIn(`before ${where} after`).map((trace) => trace.marker)).toContain(marker),
  )
})

it.each([0, 1, 2, 3])('a photo is found, in base64 after %i bytes', (before) => {
  const photo = Buffer.concat([Buffer.alloc(before), samplePhoto()])
  for (const text of [
    photo.toString('base64'),
    photo.toString('latin1'),
    photo.toString('hex'),
    inspect(photo.subarray(before + 0x9c, before + 0x9c + 50)).slice(0, 0) + JSON.stringify([...photo]),
  ])
    expect(tracesIn(text).map(({ marker }) => marker)).toContain('photo')
})

it('takes nothing else for one', () => {
  expect(tracesIn(JSON.stringify(FORMS.map(({ marker, form }) => [marker, form])))).toEqual([])
  expect(tracesIn(Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64'))).toEqual([])
})

describe('a leak that is planted', () => {
  it('in what is printed', () => {
    const planted = collectTraces()
    const { log } = console
    console.debug('%s', { deep: { key: CANARY.apiKey } })
    expect(console.log).toBe(log)
    expect(planted()).toEqual(
      expect.arrayContaining([expect.objectContaining({ marker: 'apiKey', place: 'console.debug' })]),
    )
  })

  it('in an error of the SDK that no test looks at', () => {
    const planted = collectTraces()
    void new SmileIdApiError({
      code: 'api_error',
      operation: 'other',
      outcome: 'rejected',
      attempts: 1,
      hint: `Ask ${CANARY.name}.`,
    })
    expect(planted()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ marker: 'name', place: 'SmileIdApiError api_error' }),
      ]),
    )
  })

  it('in a journal, and in a file that is left behind', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'canary-'))
    const journal = await openFileJournal(join(dir, 'run.journal'))
    await journal.bind({ environment: 'sandbox', partnerId: '085' })
    await journal.write({
      key: `sandbox:085:${CANARY.idNumber}`,
      rev: 1,
      state: 'enrolled',
      at: '2026-01-01T00:00:00.000Z',
      attempts: 1,
      digest: 'd',
    })
    await journal.close()
    writeFileSync(
      join(dir, 'errors.csv'),
      `u,"${CANARY.name.replaceAll('"', '""')}",${Buffer.from(samplePhoto()).toString('base64')}\n`,
    )
    const planted = collectTraces()
    rmSync(dir, { recursive: true })
    expect(planted().map(({ marker, place }) => `${marker} ${place}`)).toEqual(
      expect.arrayContaining(['idNumber run.journal', 'name errors.csv', 'photo errors.csv']),
    )
  })
})
