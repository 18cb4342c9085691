/**
 * A run as people make it: a CSV and a folder of photos in, a journal and a report out, and the report in
 * again.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backfillUsers, checkRows } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { csvRows, openCsvReport, openFileJournal } from 'smileid-edge/node'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'run-'))
  await mkdir(join(dir, 'photos'))
})
afterAll(() => rm(dir, { recursive: true }))

it('enrols each user once, over a mended report, a cut journal and other names of the columns', async () => {
  const emulator = createEmulator()
  const client = createClient(emulator.clientOptions)
  for (const seed of [1, 2, 3, 4]) await writeFile(join(dir, `photos/${seed}.jpg`), samplePhoto({ seed }))
  await writeFile(
    join(dir, 'users.csv'),
    [
      'file,id,created,"branch, town"',
      '1.jpg,0001,2021-08-12,"Accra, ""north"""',
      '../users.csv,0002,2021-08-12,',
      '3.jpg,0003,2021-08-12',
      '4.jpg,0004,12/08/2021,=1+1',
      '2.jpg,0001,2021-08-12,',
      '',
    ].join('\r\n'),
  )
  const rows = (file: string) =>
    csvRows(join(dir, file), {
      columns: { user_id: 'id', user_created_at: 'created', photo: 'file' },
      photoRoot: join(dir, 'photos'),
    })

  async function run(file: string, errors: string) {
    const journal = await openFileJournal(join(dir, 'run.ndjson'))
    const report = await openCsvReport(join(dir, errors), {
      states: ['rejected', 'invalid', 'failed', 'unknown'],
    })
    const states: Record<number, string> = {}
    for await (const outcome of backfillUsers(client, rows(file), { journal, concurrency: 1 })) {
      await report.add(outcome)
      states[outcome.row.line] = outcome.resumed ? `${outcome.state} before` : outcome.state
    }
    await report.close()
    await journal.close()
    return { states, report: await readFile(join(dir, errors), 'utf8'), calls: emulator.calls.length }
  }

  const problems: [number, string[]][] = []
  for await (const { row, error } of checkRows(rows('users.csv'), { photos: true }))
    problems.push([row.line, error.issues.map(({ path, code }) => `${path} ${code}`)])
  expect(problems).toEqual([
    [3, ['photo not_allowed']],
    [4, ['user_id missing', 'user_created_at missing', 'photo wrong_format']],
    [5, ['user_created_at wrong_format']],
    [6, ['user_id duplicate']],
  ])

  const first = await run('users.csv', 'errors.csv')
  expect(first.states).toEqual({ 2: 'enrolled', 3: 'invalid', 4: 'invalid', 5: 'invalid', 6: 'invalid' })
  expect(first.calls).toBe(1)
  expect(first.report.split('\r\n')).toEqual([
    'smileid_line,smileid_state,smileid_code,smileid_message,file,id,created,"branch, town"',
    '3,"invalid","not_allowed","photo lies outside of the photo folder",../users.csv,0002,2021-08-12,',
    '4,"invalid","wrong_format","line 4 has 3 cells, the header has 4",3.jpg,0003,2021-08-12',
    '5,"invalid","wrong_format","user_created_at has day or month first, and nobody can tell which: write ' +
      '2021-08-12, or say it by dateFormat (--date-format dmy or mdy)",4.jpg,0004,12/08/2021,=1+1',
    '6,"invalid","duplicate","user_id is that of an earlier row",2.jpg,0001,2021-08-12,',
    '',
  ])

  const mended = first.report
    .replace('../users.csv', '2.jpg')
    .replace('0003,2021-08-12', '0003,2021-08-12,')
    .replace('12/08/2021', '2021-08-12')
  await writeFile(join(dir, 'errors.csv'), mended)
  const second = await run('errors.csv', 'errors.csv')
  expect(second.states).toEqual({ 2: 'enrolled', 3: 'enrolled', 4: 'enrolled', 5: 'enrolled before' })
  expect([second.calls, second.report]).toEqual([
    4,
    'smileid_line,smileid_state,smileid_code,smileid_message,file,id,created,"branch, town"\r\n',
  ])

  // A run that died while it wrote the result of its last call: the row is asked for again, at once, and
  // found enrolled.
  const text = await readFile(join(dir, 'run.ndjson'), 'utf8')
  const lastEntry = text.lastIndexOf('"key"')
  await writeFile(join(dir, 'run.ndjson'), text.slice(0, text.indexOf('\n', lastEntry) - 20))
  await writeFile(join(dir, 'users.csv'), mended)
  const third = await run('users.csv', 'errors.csv')
  expect(third.states).toEqual({
    2: 'enrolled before',
    3: 'enrolled before',
    4: 'exists',
    5: 'enrolled before',
  })
  expect(third.calls).toBe(5)
  for (const id of ['0001', '0002', '0003', '0004']) expect(emulator.isEnrolled(id)).toBe(true)
  const journal = await readFile(join(dir, 'run.ndjson'), 'utf8')
  expect(journal).not.toMatch(/jpg|Accra|2021-08-12|\/9j\//)
})

it('sends nobody again because ids are hidden now, or are not any more', async () => {
  const emulator = createEmulator()
  const client = createClient(emulator.clientOptions)
  const row = { user_id: '0085', user_created_at: '2021-08-12', photo: samplePhoto() }
  for (const hideUserIds of [true, false]) {
    const path = join(dir, `hidden-${hideUserIds}.ndjson`)
    const run = async (hidden: boolean) => {
      const journal = await openFileJournal(path)
      const states: string[] = []
      try {
        for await (const { state } of backfillUsers(client, [row], { journal, hideUserIds: hidden }))
          states.push(state)
      } finally {
        await journal.close()
      }
      return states
    }
    await run(hideUserIds)
    const calls = emulator.calls.length
    await expect(run(!hideUserIds)).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ path: 'options.hideUserIds', code: 'not_allowed' }],
    })
    expect(await run(hideUserIds)).toEqual([hideUserIds ? 'enrolled' : 'exists'])
    expect(emulator.calls).toHaveLength(calls)
    expect((await readFile(path, 'utf8')).includes('0085"')).toBe(!hideUserIds)
  }
})
