/** Results of all parts, each from when it last ran: results.json keeps them, results.md shows them. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { arch, availableParallelism, cpus, totalmem, type } from 'node:os'
import { at, output } from './lib.mjs'

const KEPT = at('bench/results.json')
const SHOWN = at('bench/results.md')
const OTHERS = ['smile-identity-core', 'axios', 'jszip', 'jose', 'fflate']

/** When, on what, and with which versions. */
export async function thisRun() {
  const version = async (path) => JSON.parse(await readFile(at(`${path}/package.json`), 'utf8')).version
  const pathOf = (name) =>
    [`bench/node_modules/${name}`, `node_modules/${name}`].find((path) => existsSync(at(path)))
  const packages = [['smileid-edge', '.'], ...[...OTHERS, 'esbuild'].map((name) => [name, pathOf(name)])]
  const [bun, deno] = await Promise.all(
    ['bun', 'deno'].map((name) => output(at(`node_modules/.bin/${name}`), ['--version'])),
  )
  const versions = await Promise.all(packages.map(async ([name, path]) => `${name} ${await version(path)}`))
  const runtimes = [`Node ${process.versions.node}`, `Bun ${bun}`, `Deno ${deno.split(' ')[1]}`]
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  const machine = [cpus()[0].model.trim(), `${availableParallelism()} CPUs`, memory, `${type()} ${arch()}`]
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine.join(', '),
    versions: [...runtimes, ...versions].join(', '),
  }
}

/** Puts the tables of one part in the place of those it had; `order` are the names of all parts. */
export async function keep(order, part, run, tables) {
  const kept = { ...(existsSync(KEPT) && JSON.parse(await readFile(KEPT, 'utf8'))), [part]: { run, tables } }
  const sorted = Object.fromEntries(order.filter((name) => name in kept).map((name) => [name, kept[name]]))
  await writeFile(KEPT, `${JSON.stringify(sorted, undefined, 1)}\n`)
  await writeFile(SHOWN, page(sorted))
}

function page(parts) {
  const tables = Object.values(parts).flatMap(({ tables }) => tables)
  return [
    '# Results',
    '',
    'Made by `npm run bench` and `npm run bench:bulk`; [README.md](README.md) tells how to read it.',
    '',
    '## Where we lose',
    '',
    '### To other packages',
    '',
    ...listed(tables, (line, table) => line.loses && isPackage(line, table), loss),
    '',
    '### To bare calls, which check, repeat and verify nothing',
    '',
    ...listed(tables, (line, table) => line.loses && !isPackage(line, table), loss),
    '',
    '## Targets that were missed',
    '',
    ...listed(
      tables,
      ({ missed }) => missed,
      ([what, ours, , ratio, target]) =>
        `${what}: ${target.startsWith('ratio') ? ratio : ours}, and the target is ${target}`,
    ),
    '',
    '## Runs',
    '',
    ...runs(parts),
    '',
    ...Object.entries(parts).flatMap(([part, { tables }]) => [`## ${part}`, '', ...tables.flatMap(table)]),
  ].join('\n')
}

const isPackage = ({ cells: [what] }, { head }) => OTHERS.some((name) => `${what} ${head[2]}`.includes(name))
const loss = ([what, ours, other, ratio], { head }) =>
  `${what}${head[2] === 'alternative' ? '' : `, beside ${head[2]}`}: ${ours} against ${other}, ratio ${ratio}`

/** The lines that `isMeant`, under the titles of their tables. */
function listed(tables, isMeant, tell) {
  const items = tables.flatMap((table) => {
    const meant = table.lines.filter((line) => isMeant(line, table))
    return meant.length ? [`- ${table.title}`, ...meant.map(({ cells }) => `  - ${tell(cells, table)}`)] : []
  })
  return items.length ? items : ['Nowhere.']
}

function runs(parts) {
  const named = Object.entries(parts).map(([part, { run }]) => ({
    part,
    run: `${run.date}, ${run.machine}: ${run.versions}`,
  }))
  return [...new Set(named.map(({ run }) => run))].map(
    (run) =>
      `- ${run} (${named
        .filter((each) => each.run === run)
        .map(({ part }) => part)
        .join(', ')})`,
  )
}

function table({ title, head, lines }) {
  // A column without a word says nothing.
  const used = head.map((_, column) => column === 0 || lines.some(({ cells }) => cells[column]))
  const row = (cells) =>
    `| ${cells
      .filter((_, column) => used[column])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`
  return [
    `**${title}**`,
    '',
    row(head),
    row(head.map((_, column) => (column === 0 || column > 3 ? '---' : '--:'))),
    ...lines.map(({ cells }) => row(cells)),
    '',
  ]
}
