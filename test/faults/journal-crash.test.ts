/**
 * What is on disk after a process was killed, and after the disk was full: all that a journal's writers were
 * told, and the report of the run before.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFileJournal } from 'smileid-edge/node'
import { ended, nodeProgram, start } from '../support/node-child.ts'

let dir = ''
let program = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'journal-'))
  // Eight writers, each with keys of its own; what was acknowledged is printed at once.
  program = await nodeProgram(
    dir,
    'writer.mjs',
    `
    import { writeSync } from 'node:fs'
    const [path, run, most] = process.argv.slice(2)
    const journal = await node.openFileJournal(path)
    await journal.bind({ environment: 'sandbox', partnerId: '085' })
    const say = (text) => {
      const bytes = Buffer.from(text + '\\n')
      for (;;) {
        try {
          return writeSync(1, bytes)
        } catch (error) {
          if (error.code !== 'EAGAIN') throw error
        }
      }
    }
    const facts = { at: '2026-01-05T10:00:00.000Z', attempts: 1, digest: 'ab'.repeat(32) }
    await Promise.all(Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < Number(most); i++) {
        const key = 'sandbox:085:' + [run, writer, i].join('-')
        for (const rev of [1, 2]) {
          await journal.write({ key, rev, state: rev === 1 ? 'sending' : 'enrolled', ...facts })
          say(key + ' ' + rev)
        }
      }
    })).catch((error) => say('failed: ' + error.message + ' / ' + error.cause?.message))
    await journal.close()`,
  )
})
afterAll(() => rm(dir, { recursive: true }))

const acknowledged = (stdout: string) =>
  new Map(
    stdout
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('sandbox:'))
      .map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]),
  )

it('loses nothing that was acknowledged in 20 kills', async () => {
  const path = join(dir, 'killed.ndjson')
  const known = new Map<string, number>()
  for (let run = 0; run < 20; run++) {
    const child = start(program, path, `${run}`, '1000000')
    // In the midst of its writing: after a few lines, and after many.
    let lines = 0
    child.stdout!.on('data', (text) => {
      lines += String(text).split('\n').length - 1
      if (lines >= 10 + run * 10) child.kill('SIGKILL')
    })
    const { stdout, stderr } = await ended(child)
    expect(stderr).toBe('')
    for (const [key, rev] of acknowledged(stdout)) known.set(key, rev)
  }
  expect(known.size).toBeGreaterThan(400)
  const journal = await openFileJournal(path)
  for (const [key, rev] of known) expect((await journal.read(key))?.rev, key).toBeGreaterThanOrEqual(rev)
  await journal.close()
})

// A limit of the process on the size of files fails a write in its middle, as a full disk does.
it.skipIf(process.platform === 'win32')(
  'says so when nothing more can be written, keeps what was, and goes on when it can',
  async () => {
    const path = join(dir, 'full.ndjson')
    const { stdout } = await ended(
      spawn(
        'sh',
        ['-c', 'ulimit -f 20 && exec "$0" "$@"', process.execPath, program, path, 'full', '1000000'],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    )
    const known = acknowledged(stdout)
    expect(known.size).toBeGreaterThan(10)
    expect(stdout).toContain('failed: the journal could not be written: EFBIG / EFBIG')
    const journal = await openFileJournal(path)
    expect(journal.droppedBytes).toBe(0)
    for (const [key, rev] of known) expect((await journal.read(key))?.rev, key).toBeGreaterThanOrEqual(rev)
    for await (const { key, rev } of journal.entries()) expect(known.get(key) ?? 0, key).toBe(rev)
    await journal.close()
    const { stdout: more, stderr } = await ended(start(program, path, 'again', '2'))
    expect([acknowledged(more).size, stderr]).toEqual([16, ''])
  },
)

it.skipIf(process.platform === 'win32')('leaves no lock behind that could not be written', async () => {
  const path = join(dir, 'locked.ndjson')
  const { stderr } = await ended(
    spawn('sh', ['-c', 'ulimit -f 0 && exec "$0" "$@"', process.execPath, program, path, 'full', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  expect(stderr).toContain('journal could not be opened (EFBIG)')
  expect((await readdir(dir)).filter((name) => name.startsWith('locked'))).toEqual([])
  await (await openFileJournal(path)).close()
})

it.skipIf(process.platform === 'win32')(
  'leaves the report of the run before when a line of the new one cannot be written',
  async () => {
    const reporter = await nodeProgram(
      dir,
      'report.mjs',
      `
    const report = await node.openCsvReport(process.argv[2])
    const row = { columns: { user_id: 'u', user_created_at: '2021-08-12', photo: 'x'.repeat(4000) } }
    try { for (;;) await report.add({ row, state: 'failed' }) } catch (error) { console.log(error.code) }
    await report.close()`,
    )
    await writeFile(join(dir, 'errors.csv'), 'from before')
    const { stdout, stderr } = await ended(
      spawn(
        'sh',
        ['-c', 'ulimit -f 20 && exec "$0" "$@"', process.execPath, reporter, join(dir, 'errors.csv')],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    )
    expect([stdout, stderr]).toEqual(['EFBIG\n', ''])
    expect(await readFile(join(dir, 'errors.csv'), 'utf8')).toBe('from before')
    const partial = (await readdir(dir)).find((name) => /^errors\.csv\..*\.partial$/.test(name))
    const [header, first] = (await readFile(join(dir, partial!), 'utf8')).split('\n')
    expect(header).toBe(
      'smileid_line,smileid_state,smileid_code,smileid_message,user_id,user_created_at,photo',
    )
    expect(first).toMatch(/^,"failed","","",u,2021-08-12,x+$/)
  },
)
