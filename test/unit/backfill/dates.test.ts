/** Dates as databases, spreadsheets and people write them: what they mean, how they travel, what is wrong. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createReadDate, type DateOptions } from '../../../src/backfill/date-formats.ts'
import { wireDate } from '../../../src/backfill/input.ts'

function read(text: string, options: DateOptions = {}): string {
  const reading = createReadDate(options)(text)
  return reading.ok ? reading.wire : reading.flaw.kind
}

/** What Date makes of a wire form, once it is written as ISO 8601 has it. */
function momentOfWire(wire: string): number {
  const iso = wire.replace(' ', 'T').replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2')
  return Date.parse(iso)
}

describe('text that the service is known to take', () => {
  it.each([
    '2021-08-12',
    '2021-05-18 15:14:43-0700',
    '2021-08-12 00:00:00-0000',
    '2021-05-18T15:14:43Z',
    '2021-05-18T15:14:43.123+01:00',
    '2021-05-18 15:14:43.123456789 +0100',
    '2024-02-29',
  ])('travels unchanged: %s', (text) => {
    expect(read(text)).toBe(text)
    for (const dateFormat of ['iso', 'dmy', 'mdy', 'excel'] as const) {
      expect(read(text, { dateFormat, timeZone: 'Africa/Lagos' })).toBe(text)
    }
  })
})

describe('text of databases and languages', () => {
  it.each([
    // PostgreSQL and DuckDB, Rails, Java, Go, Python, SQLite, hand-written
    ['2021-05-18 15:14:43+00', '2021-05-18 15:14:43+0000'],
    ['2021-05-18 15:14:43.1+00', '2021-05-18 15:14:43.1+0000'],
    ['2021-05-18 15:14:43.123456-07', '2021-05-18 15:14:43.123456-0700'],
    ['2021-05-18 15:14:43 UTC', '2021-05-18 15:14:43+0000'],
    ['2021-05-18T15:14Z', '2021-05-18 15:14:00+0000'],
    ['2021-05-18T15:14+05:45', '2021-05-18 15:14:00+0545'],
    ['2021-05-18t15:14:43z', '2021-05-18 15:14:43+0000'],
    ['2021-05-18 15:14 -0330', '2021-05-18 15:14:00-0330'],
    ['2021/05/18', '2021-05-18'],
    [' 2021-05-18 ', '2021-05-18'],
  ])('%s becomes %s', (text, wire) => {
    expect(read(text)).toBe(wire)
  })

  it('keeps its moment', () => {
    for (const text of ['2021-05-18T15:14Z', '2021-05-18T15:14+05:45', '2021-05-18T15:14:43.25-03:30']) {
      const reading = createReadDate({})(text)
      expect(reading.ok && momentOfWire(reading.wire)).toBe(Date.parse(text))
      expect(reading.ok && Math.floor(reading.ms / 1000)).toBe(Math.floor(Date.parse(text) / 1000))
    }
  })
})

describe('what is refused', () => {
  afterEach(() => vi.useRealTimers())

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    // Of SQL clients, Postgres and MySQL COPY, pandas, Python, spreadsheets, MySQL itself.
    ...['NULL', 'null', '\\N', 'NaT', 'nan', 'None', 'N/A', '0000-00-00', '0000-00-00 00:00:00'].map(
      (text): [string, string] => [text, 'no_value'],
    ),
    ['2021-02-29', 'no_day'],
    ['2021-13-01', 'no_day'],
    ['31/31/2021', 'no_day'],
    ['2021-08-12T24:00:00Z', 'no_time'],
    ['2021-08-12 10:60:00Z', 'no_time'],
    ['2021-08-12 10:00:60Z', 'no_time'],
    ['2021-08-12 10:00:00+1600', 'no_offset'],
    ['2021-08-12 10:00:00+01:60', 'no_offset'],
    ['2021-08-12 10:00:00', 'no_zone'],
    ['2021-08-12T10:00', 'no_zone'],
    ['31/08/2021', 'day_first'],
    ['31.08.2021 10:00', 'day_first'],
    ['8/31/2021', 'month_first'],
    ['08-12-2021', 'day_or_month_first'],
    ['12/08/21', 'short_year'],
    ['44420', 'serial'],
    ['44420.63521', 'serial'],
    ['1628726400', 'unix'],
    ['1628726400123', 'unix'],
    ['2021', 'form'],
    ['2021-8-2', 'form'],
    ['12 Aug 2021', 'form'],
    ['2021-08-12 10:00:00.1234567890Z', 'form'],
    ['2021-08-12 10:00:00 CET', 'form'],
  ])('%j is %s', (text, kind) => {
    expect(read(text)).toBe(kind)
  })

  it('is in the future, but for what clocks and zones differ by', () => {
    vi.useFakeTimers({ now: Date.UTC(2024, 0, 1, 12) })
    expect(read('2024-01-02')).toBe('2024-01-02')
    expect(read('2024-01-02 11:59:59Z')).toBe('2024-01-02 11:59:59Z')
    expect(read('2024-01-02 12:00:01Z')).toBe('future')
    expect(read('2024-01-03')).toBe('future')
    expect(read('9999-12-31')).toBe('future')
  })

  it('has a message of its own for each cause, which names the flag where one helps', () => {
    const texts = ['', '2021-02-29', '2021-08-12 10:00:00', '31/08/2021', '8/31/2021', '8/12/2021', '44420']
    const messages = texts.map((text) => {
      const reading = createReadDate({})(text)
      return reading.ok ? '' : reading.flaw.message
    })
    expect(new Set(messages).size).toBe(texts.length)
    expect(messages[2]).toContain('--time-zone')
    expect(messages[3]).toContain('--date-format dmy')
    expect(messages[4]).toContain('--date-format mdy')
    expect(messages[5]).toContain('--date-format dmy or mdy')
    expect(messages[6]).toContain('--date-format excel')
  })
})

describe('dateFormat', () => {
  const utc = { timeZone: 'UTC' }

  it('reads the day or the month first, with times as people write them', () => {
    const dmy: DateOptions = { dateFormat: 'dmy', ...utc }
    expect(read('31/08/2021', dmy)).toBe('2021-08-31')
    expect(read('1.2.2021 3:04', dmy)).toBe('2021-02-01 03:04:00+0000')
    expect(read('12-08-2021 15:14:43.5+01:00', dmy)).toBe('2021-08-12 15:14:43.5+0100')
    const mdy: DateOptions = { dateFormat: 'mdy', ...utc }
    expect(read('8/31/2021', mdy)).toBe('2021-08-31')
    expect(read('8/12/2021 3:14:43 PM', mdy)).toBe('2021-08-12 15:14:43+0000')
    expect(read('8/12/2021, 12:14 am', mdy)).toBe('2021-08-12 00:14:00+0000')
    expect(read('8/12/2021 12:14 PM', mdy)).toBe('2021-08-12 12:14:00+0000')
  })

  it('says so where a date is written the other way, and guesses no year', () => {
    expect(read('8/31/2021', { dateFormat: 'dmy' })).toBe('month_first')
    expect(read('31/08/2021', { dateFormat: 'mdy' })).toBe('day_first')
    expect(read('30/02/2021', { dateFormat: 'dmy' })).toBe('no_day')
    expect(read('31/08/21', { dateFormat: 'dmy' })).toBe('short_year')
    expect(read('8/12/2021 13:14 PM', { dateFormat: 'mdy', ...utc })).toBe('no_time')
    expect(read('8/12/2021 3:14 PM', { dateFormat: 'mdy' })).toBe('no_zone')
  })

  // The days are those that Excel shows for these numbers; ECMA-376 part 1, 18.17.4.1 has the system.
  it.each([
    ['1', '1900-01-01'],
    ['59', '1900-02-28'],
    ['60', 'no_day'],
    ['61', '1900-03-01'],
    ['36526', '2000-01-01'],
    ['44420', '2021-08-12'],
    ['44420.5', '2021-08-12 12:00:00+0000'],
    ['44420,5', '2021-08-12 12:00:00+0000'],
    ['44334.6352199074', '2021-05-18 15:14:43+0000'],
    ['2958465', 'future'],
    ['2958466', 'no_day'],
  ])('reads the number %s of a spreadsheet', (text, expected) => {
    expect(read(text, { dateFormat: 'excel', ...utc })).toBe(expected)
  })

  it('needs a zone for numbers with a time', () => {
    expect(read('44420.5', { dateFormat: 'excel' })).toBe('no_zone')
  })
})

describe('timeZone', () => {
  const { times } = JSON.parse(
    readFileSync(new URL('../../vectors/local-times.json', import.meta.url), 'utf8'),
  ) as { times: [zone: string, local: string, utc: string | null][] }
  const zones = new Map(times.map(([zone]) => [zone, createReadDate({ timeZone: zone })]))

  it('gives the moments that Python gives, takes the earlier of two, and refuses what never was', () => {
    const seen = times.map(([zone, local]) => {
      const reading = zones.get(zone)!(local)
      if (!reading.ok) return [zone, local, reading.flaw.kind]
      // The text that travels says the same.
      expect(momentOfWire(reading.wire)).toBe(reading.ms)
      return [zone, local, new Date(reading.ms).toISOString()]
    })
    expect(seen).toEqual(
      times.map(([zone, local, utc]) => [zone, local, utc?.replace('Z', '.000Z') ?? 'skipped']),
    )
    expect(times.filter(([, , utc]) => utc === null).length).toBeGreaterThan(20)
  })

  it('keeps the time of the clock there, with its offset, where that is of whole minutes', () => {
    const at = (timeZone: string, local: string) => read(local, { timeZone })
    expect(at('Africa/Lagos', '2021-05-18 15:14:43.25')).toBe('2021-05-18 15:14:43.25+0100')
    expect(at('America/New_York', '2021-07-01T10:00')).toBe('2021-07-01 10:00:00-0400')
    expect(at('Asia/Kathmandu', '2021-07-01 10:00:00')).toBe('2021-07-01 10:00:00+0545')
    // Liberia was 44 minutes and 30 seconds behind until 1972.
    expect(at('Africa/Monrovia', '1971-07-01 10:00:00')).toBe('1971-07-01 10:44:30+0000')
    expect(at('Africa/Lagos', '2021-05-18')).toBe('2021-05-18')
    expect(at('Africa/Lagos', '2021-05-18 15:14:43Z')).toBe('2021-05-18 15:14:43Z')
  })
})

it('days are those of Date, from the year 0 to now', () => {
  for (let year = 0; year <= 2024; year++) {
    for (const monthAndDay of ['01-01', '02-28', '02-29', '03-01', '04-31', '12-31']) {
      const day = `${String(year).padStart(4, '0')}-${monthAndDay}`
      const date = new Date(`${day}T00:00:00Z`)
      const isOne = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
      const reading = createReadDate({})(day)
      expect([day, reading.ok && reading.ms]).toEqual([day, isOne && date.getTime()])
    }
  }
})

it('a Date travels in the form of the samples', () => {
  expect(wireDate(new Date('2021-05-18T22:14:43.999Z'))).toBe('2021-05-18 22:14:43+0000')
})
