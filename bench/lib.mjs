/** Child processes and the table. */
import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './inside/rounds.mjs'

/** A path below the package's root. */
export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Programs with their arguments that take a script after them. */
export const RUNTIMES = {
  Node: [process.execPath],
  Bun: [at('node_modules/.bin/bun')],
  Deno: [at('node_modules/.bin/deno'), 'run', '--allow-read', '--allow-env', '--no-prompt', '--no-lock'],
}

/** Runs a program to its end; what it printed. */
export const output = (program, args) =>
  new Promise((resolve, reject) => {
    execFile(program, args, { cwd: at('') }, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    )
  })

/** Runs a file of inside/ in a Node of its own; the JSON that it printed. */
export const inside = (file, ...args) => insideOf('Node', file, ...args)

/** The same in a runtime by name. */
export async function insideOf(runtime, file, ...args) {
  const [program, ...first] = RUNTIMES[runtime]
  return JSON.parse(await output(program, [...first, at(`bench/inside/${file}`), ...args]))
}

/** A server of inside/ in a process of its own, while `work` runs, which takes the URLs that it says. */
export async function withServer(work, file = 'server.mjs', ...args) {
  const server = spawn(process.execPath, [at(`bench/inside/${file}`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const urls = await new Promise((resolve, reject) => {
      server.stdout.once('data', (text) => resolve(`${text}`.trim().split(' ')))
      server.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
    })
    return await work(...urls)
  } finally {
    server.stdin.end()
  }
}

const WHOLE = ['B', 'MB', 'rows', 'calls', 'kills']
/** A ratio that is nearer to 1 than this is a draw. */
const DRAW = 0.05

/**
 * One line of a table: our rounds, the alternative's, and a limit on our number (`max`) or on the ratio
 * (`maxRatio`, `minRatio`). More is better of what is counted per second, less of all else; `rival: false`
 * where the other number is no alternative to ours.
 */
export function line(what, unit, ours, other, { max, maxRatio, minRatio, rival = true } = {}) {
  const show = (rounds) =>
    `${median(rounds).toFixed(WHOLE.includes(unit) ? 0 : median(rounds) < 1 ? 2 : 1)} ${unit}`
  // Within a round, since what else the machine does then weighs on both.
  const ratio = other && median(ours.map((value, round) => value / other[round]))
  const loses = rival && (unit === '/s' ? ratio < 1 - DRAW : ratio > 1 + DRAW)
  const [target, kept] =
    maxRatio !== undefined
      ? [`ratio <= ${maxRatio}`, ratio <= maxRatio]
      : minRatio !== undefined
        ? [`ratio >= ${minRatio}`, ratio >= minRatio]
        : max !== undefined
          ? [`<= ${max} ${unit}`, median(ours) <= max]
          : ['']
  const verdict = [...(target ? [kept ? 'ok' : 'MISSED'] : []), ...(loses ? ['loses'] : [])].join(', ')
  return {
    cells: [
      what,
      show(ours),
      other ? show(other) : '',
      ratio?.toFixed(ratio < 0.1 ? 3 : 2) ?? '',
      target,
      verdict,
    ],
    loses,
    missed: kept === false,
  }
}

const printed = []

/** Text to the left, numbers to the right. */
export function print(title, columns, lines) {
  const head = ['', ...columns, 'ratio', 'target', '']
  const rows = [head, ...lines.map(({ cells }) => cells)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  console.log(`\n${title}\n`)
  for (const row of rows) {
    console.log(
      `  ${row.map((cell, column) => (column === 0 || column > 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('   ')}`.trimEnd(),
    )
  }
  printed.push({ title, head, lines })
}

/** The tables printed since the last call. */
export const takePrinted = () => printed.splice(0)
