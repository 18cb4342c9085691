/** The journal in a file: what it remembers, whom it refuses, and what is left of one that was cut off. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest'
import { isSmileIdError } from 'smileid-edge/errors'
import { openFileJournal } from 'smileid-edge/node'
import type { JournalEntry } from '../../../src/bulk/journal.ts'
import { all } from '../../support/all.ts'
import { ended, nodeProgram, start, watch } from '../../support/node-child.ts'

let dir = ''
let path = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'journal-'))
})
beforeEach(() => {
  path = join(dir, `${crypto.randomUUID()}.ndjson`)
})
afterAll(() => rm(dir, { recursive: true }))

const SCOPE = { environment: 'sandbox', partnerId: '085' } as const
const entry = (user: string, rev = 1, more: Partial<JournalEntry> = {}): JournalEntry => ({
  key: `sandbox:085:${user}`,
  rev,
  state: 'failed',
  at: '2026-01-05T10:00:00.000Z',
  attempts: rev,
  digest: 'ab'.repeat(32),
  ...more,
})
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
const opened = async (file = path) => {
  const journal = await openFileJournal(file)
  await journal.bind(SCOPE)
  return journal
}
const messageOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isSmileIdError(error, 'invalid_input') ? `${error.issues[0]!.code}: ${error.message}` : error
}

describe('an open journal', () => {
  it('gives back the latest entry of each key, now and after it was closed', async () => {
    const entries = [
      entry('a', 1, { state: 'sending', leaseUntil: '2026-01-05T10:02:00.000Z' }),
      entry('b'),
      entry('ü "𝄞"\n,'),
      entry('a', 2, { state: 'enrolled', code: '0840', smileJobId: '0000000001' }),
      entry('a b'),
    ]
    const latest = entries.slice(1)
    const journal = await opened()
    for (const one of entries) expect(await journal.write(one)).toBe(true)
    const check = async (from: typeof journal) => {
      for (const one of latest) expect(await from.read(one.key)).toEqual(one)
      expect(await from.read('sandbox:085:c')).toBe(undefined)
      expect(await all(from.entries())).toEqual(latest)
    }
    await check(journal)
    await journal.close()
    const again = await opened()
    await check(again)
    expect(again.droppedBytes).toBe(0)
    await again.close()
  })

  it('writes an entry only one above the latest, also when two want to at once', async () => {
    const journal = await opened()
    expect(await journal.write(entry('a', 2))).toBe(false)
    expect(
      await Promise.all([journal.write(entry('a')), journal.write(entry('a')), journal.write(entry('b'))]),
    ).toEqual([true, false, true])
    expect(await journal.write(entry('a'))).toBe(false)
    expect(await journal.write(entry('a', 3))).toBe(false)
    expect(await journal.write(entry('a', 2))).toBe(true)
    await journal.close()
    expect((await readFile(path, 'utf8')).match(/"key"/g)).toHaveLength(3)
  })

  it('writes no member that it does not know, and no entry that it could not read', async () => {
    const journal = await opened()
    await journal.write({ ...entry('a'), photo: '/9j/4AAQSkZJRg', name: 'secret' } as JournalEntry)
    expect(
      await messageOf(journal.write({ ...entry('b'), state: 'invalid' } as unknown as JournalEntry)),
    ).toBe('wrong_type: journal takes no such entry')
    await journal.close()
    expect(await readFile(path, 'utf8')).not.toMatch(/\/9j\/4AAQSkZJRg|secret|photo|name/)
  })

  it("has a header, is its owner's alone, and has one key for good, whoever asks first", async () => {
    const journal = await openFileJournal(path)
    expect(await messageOf(journal.write(entry('a')))).toBe(
      'not_allowed: journal is bound to no partner yet: call bind first',
    )
    const keys = await Promise.all([journal.bind(SCOPE), journal.bind(SCOPE)])
    await journal.close()
    const again = await openFileJournal(path)
    expect(new Set([...keys, await again.bind(SCOPE)]).size).toBe(1)
    expect(Buffer.from(keys[0]!, 'base64')).toHaveLength(32)
    const lines = (await readFile(path, 'utf8')).split('\n')
    expect(JSON.parse(lines[0]!)).toEqual({
      smileid_journal: 2,
      ...SCOPE,
      hideUserIds: false,
      created: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      digestKey: keys[0],
      crc: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    })
    expect(lines).toHaveLength(2)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    for (const [scope, other] of [
      [{ ...SCOPE, partnerId: '002' }, '002, sandbox'],
      [{ ...SCOPE, environment: 'production' as const }, '085, production'],
    ] as const) {
      expect(await messageOf(again.bind(scope))).toBe(
        `not_allowed: journal belongs to partner 085, sandbox, not to partner ${other}: use another journal`,
      )
    }
    await again.close()
  })

  it('has keys of one kind, with ids or with their HMAC', async () => {
    for (const hideUserIds of [true, false]) {
      await rm(path, { force: true })
      const first = await openFileJournal(path)
      expect(first.scope).toBeUndefined()
      await first.bind({ ...SCOPE, hideUserIds })
      await first.close()
      const again = await openFileJournal(path)
      expect(again.scope).toEqual({ ...SCOPE, hideUserIds })
      await again.bind({ ...SCOPE, hideUserIds })
      expect(await messageOf(again.bind({ ...SCOPE, hideUserIds: !hideUserIds }))).toBe(
        `not_allowed: options.hideUserIds must be ${hideUserIds}: ` +
          `the journal was begun ${hideUserIds ? 'with' : 'without'} hidden user ids, ` +
          'and would know no user again',
      )
      await again.close()
    }
    // One from before headers said so.
    await writeFile(path, `${JSON.stringify({ smileid_journal: 1, ...SCOPE, digestKey: 'A'.repeat(44) })}\n`)
    const old = await openFileJournal(path)
    expect(old.scope).toEqual(SCOPE)
    for (const hideUserIds of [true, false])
      expect(await old.bind({ ...SCOPE, hideUserIds })).toHaveLength(44)
    await old.close()
  })

  it('ends the leases of whoever had it before, and none of its own', async () => {
    const leaseUntil = '2026-01-05T10:02:00.000Z'
    const first = await opened()
    for (const user of ['a', 'b', 'c']) await first.write(entry(user, 1, { state: 'sending', leaseUntil }))
    expect((await first.read(entry('a').key))!.leaseUntil).toBe(leaseUntil)
    await first.write(entry('c', 2, { state: 'enrolled' }))
    await first.close()
    const again = await opened()
    await again.write(entry('b', 2, { state: 'sending', leaseUntil }))
    await again.write(entry('d', 1, { state: 'sending', leaseUntil }))
    const latest = [
      ['a', entry('a').at],
      ['c', undefined],
      ['b', leaseUntil],
      ['d', leaseUntil],
    ]
    expect((await all(again.entries())).map(({ key, leaseUntil: until }) => [key.at(-1), until])).toEqual(
      latest,
    )
    for (const [user, until] of latest) expect((await again.read(entry(user!).key))!.leaseUntil).toBe(until)
    await again.close()
  })

  it('takes entries as long as it can read them, and no longer', async () => {
    const journal = await opened()
    const bare = Buffer.byteLength(JSON.stringify(entry(''))) + 1
    const longest = entry('é'.repeat((65_536 - bare) >> 1) + 'x'.repeat((65_536 - bare) & 1))
    expect(await journal.write(longest)).toBe(true)
    expect(await messageOf(journal.write({ ...longest, key: `${longest.key}x` }))).toBe(
      'wrong_format: journal takes no entry of more than 65536 bytes: is the user_id too long?',
    )
    expect(await journal.write(entry('b'))).toBe(true)
    expect(await journal.read(longest.key)).toEqual(longest)
    await journal.close()
    const again = await opened()
    expect(await all(again.entries())).toEqual([longest, entry('b')])
    await again.close()
  })

  it.each<[string, () => Promise<unknown>]>([
    ['deleted', () => rm(path)],
    ['moved', () => rename(path, `${path}.old`)],
    [
      'replaced',
      async () => {
        await writeFile(`${path}.new`, await readFile(path))
        await rename(`${path}.new`, path)
      },
    ],
  ])('soon confirms nothing more once its file was %s', async (_, hurt) => {
    const journal = await opened()
    await journal.write(entry('a'))
    await hurt()
    const goOn = async () => {
      for (let i = 0; ; i++) await journal.write(entry(`b-${i}`)).then(() => pause(1))
    }
    await expect(goOn()).rejects.toThrow(
      'the journal could not be written: its file was deleted or replaced while it was open',
    )
    await expect(journal.write(entry('c'))).rejects.toThrow('deleted or replaced')
    expect(await journal.read(entry('a').key)).toEqual(entry('a'))
    expect(await journal.read(entry('c').key)).toBe(undefined)
    await journal.close()
  })

  it('says the same once its folder was moved and a file is there instead', async () => {
    const folder = join(dir, crypto.randomUUID())
    await mkdir(folder)
    const journal = await opened(join(folder, 'run.ndjson'))
    await journal.write(entry('a'))
    await rename(folder, `${folder}.old`)
    await writeFile(folder, '')
    await pause(200)
    await journal.write(entry('b')).catch(() => {})
    await pause(200)
    await expect(journal.write(entry('c'))).rejects.toThrow('deleted or replaced')
    await journal.close()
  })

  describe('and the disk', () => {
    let datasync: MockInstance<() => Promise<void>>
    beforeEach(async () => {
      const file = await open(dir)
      datasync = vi.spyOn(Object.getPrototypeOf(file) as { datasync(): Promise<void> }, 'datasync')
      await file.close()
    })
    afterEach(() => datasync.mockRestore())
    const synced = () => datasync.mock.calls.length

    it('is asked to keep what was written, at once, or soon after if it was just asked', async () => {
      const journal = await opened()
      const before = synced()
      await vi.waitFor(
        async () =>
          expect((await journal.write(entry(`first-${Math.random()}`)), synced())).toBeGreaterThan(before),
        200_000,
      )
      for (let i = 0; i < 100; i++) await journal.write(entry(`b-${i}`))
      const few = synced()
      await vi.waitFor(() => expect(synced()).toBeGreaterThan(few), { interval: 1, timeout: 200_000 })
      expect(synced() - before).toBeLessThan(50)
      await journal.close()
    })

    it('is asked at the end for what it was not asked for yet', async () => {
      const journal = await opened()
      const order: string[] = []
      datasync.mockImplementation(
        async () => void order.push((await readFile(path, 'utf8')).includes(':b"') ? 'all' : 'some'),
      )
      await journal.write(entry('a'))
      await journal.write(entry('b'))
      await journal.close()
      expect(order.at(-1)).toBe('all')
    })

    it('holds writers up when it falls behind', async () => {
      const journal = await opened()
      await journal.write(entry('first'))
      await pause(200)
      let release = () => {}
      datasync.mockImplementation(() => new Promise<void>((resolve) => (release = resolve)))
      await journal.write(entry('a'))
      await pause(150)
      let held = true
      const late = journal.write(entry('b')).then(() => (held = false))
      await pause(50)
      expect(held).toBe(true)
      datasync.mockResolvedValue()
      release()
      await late
      await journal.close()
    })

    it.each(['a write', 'close'])('says so by %s when it fails, for good', async (by) => {
      const journal = await opened()
      await journal.write(entry('first'))
      await pause(200)
      datasync.mockRejectedValueOnce(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))
      await journal.write(entry('a'))
      await pause(10)
      const message = 'the journal could not be written: EIO'
      if (by === 'a write')
        for (const user of ['b', 'c']) await expect(journal.write(entry(user))).rejects.toThrow(message)
      else await expect(journal.close()).rejects.toThrow(message)
      await journal.close().catch(() => {})
      // Its lock is free again.
      await (await opened()).close()
    })
  })

  it('finds each of many, in whatever order they are asked for', async () => {
    const journal = await opened()
    const users = Array.from({ length: 5000 }, (_, i) => `user-${i}`)
    await Promise.all(users.map((user) => journal.write(entry(user))))
    await Promise.all(
      users
        .filter((_, i) => i % 3 === 0)
        .map((user) =>
          journal.write(entry(user, 2, { state: 'failed', code: 'x'.repeat(user.length * 40) })),
        ),
    )
    for (const i of users.keys())
      expect((await journal.read(entry(users[(i * 1999) % 5000]!).key))!.rev).toBe(
        ((i * 1999) % 5000) % 3 ? 1 : 2,
      )
    expect(new Set((await all(journal.entries())).map(({ key }) => key)).size).toBe(5000)
    await journal.close()
  })

  it('ends at close, with what was under way', async () => {
    const journal = await opened()
    const writing = journal.write(entry('a'))
    await Promise.all([journal.close(), journal.close()])
    expect(await writing).toBe(true)
    for (const work of [
      () => journal.read('a'),
      () => journal.write(entry('b')),
      () => journal.bind(SCOPE),
      () => all(journal.entries()),
    ])
      expect(await messageOf(work())).toBe('not_allowed: journal is closed')
  })
})

describe('the lock', () => {
  /** As this process would write it, but for what is given. */
  async function lock(owner: object | string): Promise<void> {
    const journal = await opened(`${path}.other`)
    const own = JSON.parse(await readFile(`${path}.other.lock`, 'utf8')) as object
    await journal.close()
    await writeFile(
      `${path}.lock`,
      typeof owner === 'string' ? owner : JSON.stringify({ ...own, token: 'x', ...owner }),
    )
  }
  const gone = async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await ended(child)
    return child.pid!
  }

  it('keeps a second run out, by whatever name it comes, until the first has closed', async () => {
    const journal = await opened()
    await symlink(path, `${path}.link`)
    for (const name of [path, `${path}.link`])
      expect(await messageOf(openFileJournal(name))).toBe(
        `not_allowed: journal is in use by process ${process.pid}: wait until that run has ended`,
      )
    await journal.close()
    await (await opened()).close()
    await expect(stat(`${path}.lock`)).rejects.toThrow('ENOENT')
  })

  it('of a process that died is taken over, by one of those who want it', async () => {
    const child = start(
      await nodeProgram(
        dir,
        'lock.mjs',
        `
        await node.openFileJournal(process.argv[2])
        process.stdout.write('held')
        process.kill(process.pid, 'SIGKILL')`,
      ),
      path,
    )
    expect(await ended(child)).toMatchObject({ stdout: 'held' })
    expect(JSON.parse(await readFile(`${path}.lock`, 'utf8'))).toMatchObject({ pid: child.pid })
    const race = await nodeProgram(
      dir,
      'race.mjs',
      `
      try {
        await node.openFileJournal(process.argv[2])
        console.log('held')
      } catch (error) {
        console.log(error.message)
      }
      setInterval(() => {}, 1000)`,
    )
    const racers = Array.from({ length: 6 }, () => start(race, path))
    const ends = racers.map((racer) => watch(racer))
    // Nobody lets go before all have tried.
    await Promise.all(ends.map(({ said }) => said(/\n/)))
    for (const racer of racers) racer.kill('SIGKILL')
    const outputs = (await Promise.all(ends.map(({ ended }) => ended))).map(({ stdout }) => stdout.trim())
    expect(
      outputs.filter((text) => text === 'held'),
      outputs.join(),
    ).toHaveLength(1)
    expect(outputs.filter((text) => text.startsWith('journal is in use by process'))).toHaveLength(5)
  })

  it.runIf(process.platform === 'linux')(
    'of a process whose number another one has by now is taken over',
    async () => {
      await lock({ pid: process.pid, started: '1' })
      await (await opened()).close()
    },
  )

  it.runIf(process.platform === 'linux')(
    'of a process that died is taken over, even as a zombie, as in containers without an init',
    async () => {
      const program = await nodeProgram(
        dir,
        'zombie.mjs',
        `
        await node.openFileJournal(process.argv[2])
        console.log(process.pid)
        process.kill(process.pid, 'SIGKILL')`,
      )
      const parent = spawn('sh', ['-c', '"$0" "$@" & exec sleep 60', process.execPath, program, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        const pid = await new Promise<string>((resolve) =>
          parent.stdout.once('data', (text) => resolve(`${text}`.trim())),
        )
        await vi.waitFor(
          async () => expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /),
          200_000,
        )
        expect(JSON.parse(await readFile(`${path}.lock`, 'utf8'))).toMatchObject({ pid: Number(pid) })
        await (await opened()).close()
      } finally {
        parent.kill('SIGKILL')
      }
    },
  )

  // The folder for temporary files is on a file system of this machine.
  it.runIf(process.platform === 'linux')(
    'of an earlier boot is taken over, whatever runs under its number now',
    async () => {
      for (const pid of [process.pid, 1, await gone()]) {
        await lock({ pid, counter: '00000000-1111-2222-3333-444444444444 pid:[4026531836]' })
        await (await opened()).close()
      }
    },
  )

  it.runIf(process.platform === 'linux')(
    'of another container of the same name is left alone, whatever runs under its number here',
    async () => {
      const pid = await gone()
      await lock({ pid })
      await (await opened()).close()
      const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
      for (const counter of ['', `${boot} pid:[1]`]) {
        await lock({ pid, counter })
        expect(await messageOf(openFileJournal(path))).toBe(
          `not_allowed: journal is locked by process ${pid}, and nothing tells whether it still runs: ` +
            'delete the lock file beside it if it does not',
        )
      }
    },
  )

  it('is found whole or not at all, and leaves nothing beside it', async () => {
    const child = start(
      await nodeProgram(
        dir,
        'again.mjs',
        `
      process.stdout.write('on')
      const end = Date.now() + 1500
      while (Date.now() < end) {
        const journal = await node.openFileJournal(process.argv[2])
        await journal.close()
      }`,
      ),
      path,
    )
    const over = ended(child)
    await new Promise((resolve) => child.stdout!.once('data', resolve))
    let seen = 0
    while (child.exitCode === null) {
      for (let i = 0; i < 2000; i++) {
        const text = textOf(`${path}.lock`)
        if (text === undefined) continue
        seen++
        expect(text).toMatch(/^\{.*\}$/)
      }
      await new Promise((resolve) => setTimeout(resolve))
    }
    expect((await over).stderr).toBe('')
    expect(seen).toBeGreaterThan(100)
    expect((await readdir(dir)).filter((name) => name.startsWith(`${basename(path)}.`))).toEqual([])
  })

  it('of another machine, or one that cannot be read, is left alone', async () => {
    await lock({ pid: 1, host: 'another-machine' })
    expect(await messageOf(openFileJournal(path))).toBe(
      'not_allowed: journal is locked by process 1 of another machine: ' +
        'delete the lock file beside it if that run has ended',
    )
    await lock('')
    expect(await messageOf(openFileJournal(path))).toBe(
      'not_allowed: journal has a lock file beside it that cannot be read: ' +
        'delete it if no other run is going',
    )
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })
})

describe('a journal that was hurt', () => {
  /** The lines of a journal of some entries: the header, the mark of its beginning, and so on. */
  async function linesOf(entries: readonly JournalEntry[]): Promise<string[]> {
    const journal = await opened()
    for (const one of entries) await journal.write(one)
    await journal.close()
    return (await readFile(path, 'utf8')).split(/(?<=\n)/)
  }
  const entryIn = (line: string) => JSON.parse(line) as Partial<JournalEntry>

  it('has, cut at every byte, each entry whose write had resolved, and goes on', async () => {
    const written = [
      entry('a'),
      entry('b'),
      entry('a', 2, { state: 'enrolled', code: '0840', smileJobId: '0000000001' }),
      entry('ü'),
    ]
    const lines = await linesOf(written)
    const bytes = await readFile(path)
    const cut = join(dir, 'cut.ndjson')
    for (let size = 0; size <= bytes.length; size++) {
      await writeFile(cut, bytes.subarray(0, size))
      const again = await opened(cut)
      const latest = new Map<string, JournalEntry>()
      let end = 0
      for (const line of lines) {
        // A line that lacks nothing but its end may be there, too: it was on its way.
        if (end + Buffer.byteLength(line) > size + 1) break
        end += Buffer.byteLength(line)
        const { key } = entryIn(line)
        if (key)
          latest.set(
            key,
            written.find((one) => one.key === key && one.rev === entryIn(line).rev)!,
          )
      }
      expect(new Map((await all(again.entries())).map((one) => [one.key, one])), `cut at ${size}`).toEqual(
        latest,
      )
      expect(again.droppedBytes, `cut at ${size}`).toBe(Math.max(0, size - end))
      expect(await again.write(entry('c'))).toBe(true)
      await again.close()
      const third = await opened(cut)
      expect(await third.read(entry('c').key)).toEqual(entry('c'))
      expect([third.droppedBytes, third.mayHaveLost(entry('d').key)]).toEqual([0, false])
      await third.close()
    }
  }, 600_000)

  it.each<[string, (line: string) => string[], (at: number, lines: string[]) => number]>([
    ['is no JSON', (line) => [line.slice(5)], (at) => at],
    ['holds NUL bytes', () => [`${'\0'.repeat(40)}\n`], (at) => at],
    ['says something else', (line) => [line.replace('failed', 'reject')], (at) => at],
    ['comes twice', (line) => [line, line], (at) => at + 1],
    ['is missing', () => [], (_, lines) => lines.findIndex((line) => line.includes('"rev":3'))],
  ])('is refused, and left as it is, where a line that was on disk %s', async (_, hurt, place) => {
    const lines = await linesOf([entry('a'), entry('a', 2), entry('a', 3), entry('c')])
    const at = lines.findIndex((line) => entryIn(line).rev === 2)
    lines.splice(at, 1, ...hurt(lines[at]!))
    await writeFile(path, lines.join(''))
    expect(await messageOf(openFileJournal(path))).toBe(
      `wrong_format: journal is damaged in line ${place(at, lines) + 1}: mend or delete that line`,
    )
    expect(await readFile(path, 'utf8')).toBe(lines.join(''))
    await expect(stat(`${path}.lock`)).rejects.toThrow('ENOENT')
  })

  it('takes a line that was mended by hand, without its checksum', async () => {
    const lines = await linesOf([entry('a'), entry('b')])
    const mended = lines.map((line) =>
      entryIn(line).key?.endsWith('a') ? `${JSON.stringify(entry('a', 1, { state: 'unknown' }))}\n` : line,
    )
    await writeFile(path, mended.join(''))
    const again = await opened()
    expect((await all(again.entries())).map(({ state }) => state)).toEqual(['unknown', 'failed'])
    await again.close()
  })

  it('counts what is broken behind the last mark as not written, and misses what may be lost', async () => {
    const lines = await linesOf([entry('a'), entry('b'), entry('c', 1, { state: 'sending' }), entry('b', 2)])
    // Only the mark of the beginning is left, as when the power fails before the first sync.
    const [header, begun, ...rest] = lines
    const [a, b, c, b2] = rest.filter((line) => entryIn(line).key)
    const broken = `${'\0'.repeat(b!.length - 20)}${b!.slice(-20)}`
    const whole = [header, begun, a, broken, c, b2]
    await writeFile(path, whole.join(''))
    for (const dropped of [b!.length, 0]) {
      const again = await opened()
      expect(again.droppedBytes).toBe(dropped)
      expect((await all(again.entries())).map(({ key, rev }) => key.at(-1)! + rev)).toEqual([
        'a1',
        'c1',
        'b2',
      ])
      for (const user of ['a', 'b', 'c', 'd']) expect(again.mayHaveLost(entry(user).key)).toBe(true)
      await again.close()
    }
    const again = await opened()
    await again.write(entry('a', 2))
    expect(['a', 'b'].map((user) => again.mayHaveLost(entry(user).key))).toEqual([false, true])
    await again.close()
    expect((await readFile(path, 'utf8')).split('\n')[3]).toBe(' '.repeat(b!.length - 1))
  })

  it('loses zeros that a power cut left at its end', async () => {
    await linesOf([entry('a')])
    const before = await readFile(path, 'utf8')
    await truncate(path, before.length + 5000)
    const again = await opened()
    expect([again.droppedBytes, again.mayHaveLost(entry('b').key)]).toEqual([5000, true])
    expect(await again.read(entry('a').key)).toEqual(entry('a'))
    await again.close()
    const after = await readFile(path, 'utf8')
    expect([after.startsWith(before), after.includes('\0')]).toEqual([true, false])
  })

  describe('of format 1', () => {
    const header = { smileid_journal: 1, ...SCOPE, hideUserIds: false, digestKey: 'A'.repeat(44) }
    const old = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`)

    it('is gone on with', async () => {
      await writeFile(path, old([header, entry('a'), entry('b'), entry('a', 2)]).join(''))
      for (const rev of [3, 4]) {
        const again = await opened()
        expect(again.mayHaveLost(entry('c').key)).toBe(false)
        expect((await again.read(entry('a').key))!.rev).toBe(rev - 1)
        await again.write(entry('a', rev))
        expect(await again.bind(SCOPE)).toBe(header.digestKey)
        await again.close()
      }
      expect(await readFile(path, 'utf8')).toMatch(/^\{"smileid_journal":2,/)
    })

    it('is as it was after it was only looked at', async () => {
      const text = old([header, entry('a')]).join('')
      await writeFile(path, text)
      await (await opened()).close()
      expect(await readFile(path, 'utf8')).toBe(text)
    })

    it.each([
      ['is no JSON', (lines: string[]) => (lines[2] = lines[2]!.slice(5)), 3],
      ['is blank', (lines: string[]) => (lines[2] = '   \n'), 3],
      ['is missing', (lines: string[]) => lines.splice(1, 1), 3],
    ])('is refused where a line %s', async (_, hurt, where) => {
      const lines = old([header, entry('a'), entry('b'), entry('a', 2), entry('c')])
      hurt(lines)
      await writeFile(path, lines.join(''))
      expect(await messageOf(openFileJournal(path))).toBe(
        `wrong_format: journal is damaged in line ${where}: mend or delete that line`,
      )
      expect(await readFile(path, 'utf8')).toBe(lines.join(''))
    })
  })

  it('of a newer format is refused', async () => {
    await writeFile(path, `${JSON.stringify({ smileid_journal: 3, partner: '085' })}\n`)
    expect(await messageOf(openFileJournal(path))).toBe(
      'wrong_format: journal has format 3, and this version of the SDK knows formats up to 2: ' +
        'use a newer version',
    )
  })

  it('in its header is not taken for another file', async () => {
    const [header, ...rest] = await linesOf([entry('a')])
    await writeFile(path, [header!.replace('085', '086'), ...rest].join(''))
    expect(await messageOf(openFileJournal(path))).toBe(
      'wrong_format: journal is damaged in line 1, which has its key: take that line from a copy',
    )
  })

  it.each(['user_id,user_created_at,photo\n', 'user_id', '{"user_id":"u1"}', '\n'])(
    'is not made of another file: %j',
    async (content) => {
      await writeFile(path, content)
      expect(await messageOf(openFileJournal(path))).toBe(
        'wrong_format: journal is another file, not a journal',
      )
      expect(await readFile(path, 'utf8')).toBe(content)
    },
  )

  it('that cannot be opened is refused without its path', async () => {
    expect(await messageOf(openFileJournal(join(dir, 'nowhere/run.ndjson')))).toBe(
      'missing: journal could not be opened (ENOENT)',
    )
    expect(await messageOf(openFileJournal(dir))).toBe('missing: journal could not be opened (EISDIR)')
    await expect(stat(`${dir}.lock`)).rejects.toThrow('ENOENT')
  })
})
