/** The command: in this process, or, where that is what is tested, as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { builtins } from '../../build/builtins.ts'
import { runHere } from './cli-here.ts'
import { watch } from './node-child.ts'

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
  /** As a process. */
  start(
    args: readonly string[],
    how?: {
      env?: Record<string, string>
      /** `null` leaves standard input open. */
      input?: string | Uint8Array | null
    },
  ): Running
  /** In this process: to start one for each of some hundred runs would take minutes. */
  run(
    args: readonly string[],
    how?: { env?: Record<string, string>; input?: string | Uint8Array },
  ): Promise<Ended>
  /** Leaves the folder, and removes it. */
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
    plugins: [builtins],
  })
  const start: Command['start'] = (args, { env = {}, input = '' } = {}) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: dir,
      env: { PATH: process.env.PATH ?? '', ...env },
    })
    child.stdin.on('error', () => {}) // a command that ended without reading it
    if (input !== null) child.stdin.end(input)
    const { ended, said } = watch(child)
    return {
      child,
      ended: ended.then(({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr })),
      said,
    }
  }
  const before = process.cwd()
  process.chdir(dir)
  return {
    file,
    dir,
    start,
    run: runHere,
    remove() {
      process.chdir(before)
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}
