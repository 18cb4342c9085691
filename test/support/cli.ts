/** The command as a process of its own, made of the source as it stands. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = new URL('../..', import.meta.url).pathname

export interface Ended {
  code: number | null
  out: string
  err: string
}

interface Running {
  child: ChildProcessWithoutNullStreams
  ended: Promise<Ended>
  /** Resolves once standard output or error has said it. */
  said(pattern: RegExp): Promise<RegExpExecArray>
}

export interface Command {
  /** The script. */
  file: string
  /** An empty folder of the test's own, where the command runs. */
  dir: string
  start(
    args: readonly string[],
    how?: { env?: Record<string, string>; /** `null` leaves standard input open. */ input?: string | null },
  ): Running
  run(args: readonly string[], how?: { env?: Record<string, string>; input?: string }): Promise<Ended>
  remove(): void
}

export async function buildCommand(): Promise<Command> {
  const scratch = mkdtempSync(join(tmpdir(), 'smileid-cli-'))
  const dir = mkdtempSync(join(scratch, 'work-'))
  const file = join(scratch, 'cli.mjs')
  await build({
    entryPoints: [`${root}src/cli/main.ts`],
    bundle: true,
    outfile: file,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    conditions: ['import'],
    logLevel: 'error',
  })
  const start: Command['start'] = (args, { env = {}, input = '' } = {}) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: dir,
      env: { PATH: process.env.PATH ?? '', ...env },
    })
    const text = { out: '', err: '' }
    const listeners = new Set<() => void>()
    for (const [name, stream] of [
      ['out', child.stdout],
      ['err', child.stderr],
    ] as const) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text[name] += piece
        for (const listener of listeners) listener()
      })
    }
    child.stdin.on('error', () => {}) // a command that ended without reading it
    if (input !== null) child.stdin.end(input)
    return {
      child,
      ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...text }))),
      said: (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const found = pattern.exec(text.out) ?? pattern.exec(text.err)
            if (found) resolve(found)
          }
          listeners.add(look)
          look()
          child.on('close', () =>
            reject(new Error(`ended without saying ${pattern}: ${text.out}${text.err}`)),
          )
        }),
    }
  }
  return {
    file,
    dir,
    start,
    run: (args, how) => start(args, how).ended,
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  }
}
