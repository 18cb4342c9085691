/** Programs that use smileid-edge/node in a process of their own, made from the sources. */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Puts the entry and a program beside each other in `dir`; the program's path. */
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

/** Runs to its end, whichever way that comes; what it had printed. */
export async function ended(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (text) => (stdout += String(text)))
  child.stderr?.on('data', (text) => (stderr += String(text)))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

export const start = (program: string, ...args: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
