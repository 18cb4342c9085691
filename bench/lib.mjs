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
  Deno: [
    at('node_modules/.bin/deno'),
    'run',
    '--allow-read',
    '--allow-env',
    '--allow-net=127.0.0.1',
    '--no-prompt',
    '--no-lock',
  ],
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
export function line(what, unit, ours, other, { rival = true, ...limits } = {}) {
  // Within a round, since what else the machine does then weighs on both.
  const ratio = other && median(ours.map((value, round) => value / other[round]))
  const isWorse = unit === '/s' ? ratio < 1 - DRAW : ratio > 1 + DRAW
  const loses = rival && isWorse
  const target = targetOf(limits, { unit, ratio, number: median(ours) })
  const verdict = []
  if (target) verdict.push(target.kept ? 'ok' : 'MISSED')
  if (loses) verdict.push('loses')
  return {
    cells: [
      what,
      show(ours, unit),
      other ? show(other, unit) : '',
      ratio?.toFixed(ratio < 0.1 ? 3 : 2) ?? '',
      target?.text ?? '',
      verdict.join(', '),
    ],
    loses,
    missed: target?.kept === false,
  }
}

function targetOf({ max, maxRatio, minRatio }, { unit, ratio, number }) {
  if (maxRatio !== undefined) return { text: `ratio <= ${maxRatio}`, kept: ratio <= maxRatio }
  if (minRatio !== undefined) return { text: `ratio >= ${minRatio}`, kept: ratio >= minRatio }
  if (max !== undefined) return { text: `<= ${max} ${unit}`, kept: number <= max }
  return undefined
}

function show(rounds, unit) {
  const number = median(rounds)
  let digits = number < 1 ? 2 : 1
  if (WHOLE.includes(unit)) digits = 0
  return `${number.toFixed(digits)} ${unit}`
}

const printed = []

/** Text to the left, numbers to the right. */
export function print(title, columns, lines) {
  const head = ['', ...columns, 'ratio', 'target', '']
  const rows = [head, ...lines.map(({ cells }) => cells)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  console.log(`\n${title}\n`)
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const isText = column === 0 || column > 3
      return isText ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
    })
    console.log(`  ${cells.join('   ')}`.trimEnd())
  }
  printed.push({ title, head, lines })
}

/** The tables printed since the last call. */
export const takePrinted = () => printed.splice(0)
