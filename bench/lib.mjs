/** Child processes and the table. */
import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './inside/rounds.mjs'

/** A path below the package's root. */
export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Runs a program to its end; what it printed. */
export const output = (program, args) => new Promise((resolve, reject) => {
  execFile(program, args, { cwd: at('') }, (error, stdout) => error ? reject(error) : resolve(stdout.trim()))
})

/** Runs a file of inside/ in a Node of its own; the JSON that it printed. */
export const inside = async (file, ...args) => JSON.parse(await output(process.execPath, [at(`bench/inside/${file}`), ...args]))

/** A server of inside/ in a process of its own, while `work` runs, which takes the URLs that it says. */
export async function withServer(work, file = 'server.mjs', ...args) {
  const server = spawn(process.execPath, [at(`bench/inside/${file}`), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
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

/** One line of a table: our rounds, the alternative's, and a limit on our number (`max`) or on the ratio (`maxRatio`, `minRatio`). */
export function line(what, unit, ours, other, { max, maxRatio, minRatio } = {}) {
  const show = (rounds) => `${median(rounds).toFixed(WHOLE.includes(unit) ? 0 : 1)} ${unit}`
  // Within a round, since what else the machine does then weighs on both.
  const ratio = other && median(ours.map((value, round) => value / other[round]))
  const verdict = (target, kept) => [target, kept ? 'ok' : 'MISSED']
  return [
    what, show(ours), other ? show(other) : '', ratio?.toFixed(2) ?? '',
    ...maxRatio !== undefined ? verdict(`ratio <= ${maxRatio}`, ratio <= maxRatio)
      : minRatio !== undefined ? verdict(`ratio >= ${minRatio}`, ratio >= minRatio)
      : max !== undefined ? verdict(`<= ${max} ${unit}`, median(ours) <= max) : ['', ''],
  ]
}

/** Text to the left, numbers to the right. */
export function print(title, columns, lines) {
  const rows = [['', ...columns, 'ratio', 'target', ''], ...lines]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  console.log(`\n${title}\n`)
  for (const row of rows) {
    console.log(`  ${row.map((cell, column) => column === 0 || column > 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])).join('   ')}`.trimEnd())
  }
}
