/** Processes of Node, what they print and how they end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Puts smileid-edge/node, made from the sources, and a program that uses it beside each other in `dir`; the
 * program's path.
 */
export async function nodeProgram(dir: string, name: string, code: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/node.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(dir, 'entry.mjs'),
    logLevel: 'error',
  })
  await writeFile(join(dir, name), `import * as node from './entry.mjs'\n${code}`)
  return join(dir, name)
}

/** Puts a program into `dir`, together with what it imports of the SDK, made from the sources; its path. */
export async function bundledProgram(dir: string, name: string, code: string): Promise<string> {
  const outfile = join(dir, name)
  await build({
    stdin: { contents: code, resolveDir: dir },
    bundle: true,
    outfile,
    platform: 'node',
    format: 'esm',
    alias: { 'smileid-edge': fileURLToPath(new URL('../../src', import.meta.url)) },
    conditions: ['import'],
    logLevel: 'error',
  })
  return outfile
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Watched {
  ended: Promise<Ended>
  /** Resolves once standard output or standard error has matched; rejects when the process ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>
}

/** What a process prints, and how it ends. */
export function watch(child: ChildProcess): Watched {
  const text = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...text }))
  })
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text.stdout) ?? pattern.exec(text.stderr)
        if (found) resolve(found)
      }
      listeners.add(look)
      look()
      child.once('close', () =>
        reject(new Error(`ended without saying ${pattern}: ${text.stdout}${text.stderr}`)),
      )
    })
  return { ended, said }
}

/** Runs to its end, whichever way that comes. */
export const ended = (child: ChildProcess): Promise<Ended> => watch(child).ended

export const start = (program: string, ...args: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
