/** Ids and dates that exports damage: found before an id is used up. */
import { describe, expect, it } from 'vitest'
import { type BackfillInput, checkRows, type CheckOptions } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { row } from '../../support/rows.ts'

async function found(rows: readonly BackfillInput[], options?: CheckOptions): Promise<string[]> {
  const lines: string[] = []
  for await (const { index, severity, error } of checkRows(rows, options)) {
    lines.push(...error.issues.map(({ path, code }) => `${index} ${severity} ${path} ${code}`))
    // The id itself is personal.
    for (const { message } of error.issues) expect(message).not.toContain(rows[index]!.user_id)
  }
  return lines
}

describe('ids', () => {
  it.each([
    '2.34812E+12',
    '2,34812E+12',
    '1E+15',
    '2.34812e12',
    '234801234567890000',
    '1.0',
    '12,00',
    '#N/A',
    '#REF!',
    '#NAME?',
    '#DIV/0!',
    '########',
    'Err:502',
    'NULL',
    'None',
    'nan',
    'NaT',
    '\\N',
    'undefined',
    '(null)',
    '<NA>',
    '[object Object]',
    '2-Jan',
    'Mar-05',
    'Ad\ufffd',
    "'=1+1",
    "'+2348030000001",
    'CORP\\\\ada',
  ])('%s looks damaged', async (user_id) => {
    expect(await found([row(user_id)])).toEqual(['0 warning user_id suspicious'])
    expect(await found([row(user_id)], { acceptWarnings: true })).toEqual([])
  })

  it.each([
    'u1',
    '2348030000001',
    '2348012345678901234',
    '1.5',
    '10.0.0.1',
    '12e5',
    'E12',
    'nanna',
    'Nulla',
    '#123',
    'na-1',
    'Marc-05',
    'Adé 😀',
    '山田 太郎',
    'a.b+c@example.com',
    '+2348030000001',
    "O'Neil",
    "'t Hart",
    'CORP\\ada',
    'deadbeef-12e3-4000-8000-00e000000000',
  ])('%s does not', async (user_id) => {
    expect(await found([row(user_id)])).toEqual([])
  })

  it.each([
    ['Ada', 'ada'],
    ['ada lovelace', 'adalovelace'],
    ['ada  lovelace', 'ada lovelace'],
    ['Ade\u0301', 'Ad\u00e9'],
    ['a❤', 'a❤\ufe0f'],
    ['user\uff11', 'user1'],
  ])('%j and %j look like one', async (one, other) => {
    expect(await found([row(one), row('between'), row(other)])).toEqual(['2 warning user_id suspicious'])
  })

  it('of one row twice are an error, and no warning besides', async () => {
    expect(await found([row('Ada'), row('Ada'), row('NULL'), row('NULL')])).toEqual([
      '1 error user_id duplicate',
      '2 warning user_id suspicious',
      '3 error user_id duplicate',
    ])
  })
})

describe('dates', () => {
  it.each([
    ['1899-12-30', 'day 0 of a spreadsheet'],
    ['1900-01-01', 'day 0 of a spreadsheet'],
    ['1970-01-01', 'moment 0 of Unix time'],
    ['1970-01-01 01:00:00+0100', 'moment 0 of Unix time'],
    ['1969-12-31 19:00:00-0500', 'moment 0 of Unix time'],
    ['1989-12-31', 'before 1990'],
    ['0001-01-01', 'before 1990'],
  ])('%s looks damaged: %s', async (user_created_at, message) => {
    const problems: string[] = []
    const asDate = new Date(user_created_at)
    // Not each of the texts is one that Date reads.
    const dates = Number.isNaN(asDate.getTime()) ? [user_created_at] : [user_created_at, asDate]
    const rows = dates.map((date, i) => row(`u${i}`, { user_created_at: date }))
    for await (const { severity, error } of checkRows(rows)) problems.push(`${severity} ${error.message}`)
    expect(problems).toHaveLength(dates.length)
    for (const problem of problems) {
      expect(problem).toMatch(/^warning user_created_at /)
      expect(problem).toContain(message)
    }
  })

  it('are wrong, and not only suspicious, in the future', async () => {
    const tomorrow = new Date(Date.now() + 86_000_000)
    const later = new Date(Date.now() + 2 * 86_400_000)
    const dates = [tomorrow, later, later.toISOString(), '1990-01-01']
    expect(await found(dates.map((user_created_at, i) => row(`u${i}`, { user_created_at })))).toEqual([
      '1 error user_created_at wrong_format',
      '2 error user_created_at wrong_format',
    ])
  })

  it('are read as the options say', async () => {
    const rows = ['31/08/2021', '44439', '2021-08-31 10:00'].map((user_created_at, i) =>
      row(`u${i}`, { user_created_at }),
    )
    expect(await found(rows)).toHaveLength(3)
    expect(await found(rows, { dateFormat: 'dmy', timeZone: 'Africa/Lagos' })).toEqual([
      '1 error user_created_at wrong_format',
    ])
    expect(await found(rows, { dateFormat: 'excel', timeZone: 'Africa/Lagos' })).toEqual([
      '0 error user_created_at wrong_format',
    ])
    for (const options of [{ timeZone: 'Lagos' }, { timeZone: 1 }, { dateFormat: 'ymd' }]) {
      await expect(checkRows(rows, options as never).next()).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })
})

/** A sample photo with a comment of 40,000 bytes. */
function large(comment: number): Uint8Array {
  const photo = samplePhoto()
  const segment = new Uint8Array(40_004).fill(comment)
  segment.set([0xff, 0xfe, 40_002 >> 8, 40_002 & 0xff])
  return Buffer.concat([photo.subarray(0, 2), segment, photo.subarray(2)])
}

describe('photos', () => {
  it('of one person under many ids look damaged, large and small ones', async () => {
    const small = () => samplePhoto({ seed: 1 })
    const photos = [small(), samplePhoto({ seed: 2 }), large(1), large(2), small(), large(2)]
    const rows = photos.map((photo, i) => row(`u${i}`, { photo }))
    expect(await found(rows, { photos: true })).toEqual([
      '4 warning photo suspicious',
      '5 warning photo suspicious',
    ])
    expect(await found(rows, { photos: true, acceptWarnings: true })).toEqual([])
    expect(await found(rows)).toEqual([])
  })
})
