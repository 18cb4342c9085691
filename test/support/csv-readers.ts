/** Readers of CSV that are not ours: each gives the cells of a file, line by line. */
import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { parseFile } from '@fast-csv/parse'
import { parse as csvParse } from 'csv-parse/sync'
import csvParser from 'csv-parser'
import { dsvFormat } from 'd3-dsv'
import Papa from 'papaparse'
import { all } from './all.ts'

export interface CsvFile {
  path: string
  delimiter: string
  /** How many the header has. */
  columns: number
}

export interface CsvReader {
  /** The lines of each file. */
  read(files: CsvFile[]): Promise<string[][][]>
  /** Whether it gives each line as many cells as the header has, whatever the line has. */
  isSquare?: boolean
}

/** A reader of one file after the other. */
function each(readOne: (file: CsvFile) => Promise<string[][]>): CsvReader['read'] {
  return async (files) => {
    const found: string[][][] = []
    for (const file of files) found.push(await readOne(file))
    return found
  }
}

/** As `fetch` and browsers give it: without a byte order mark. */
async function textOf(path: string): Promise<string> {
  return new TextDecoder().decode(await readFile(path))
}

/** Programs that are not on this machine, with how to have them. */
export const missingReaders: readonly string[] = [
  ...(runs('python3') ? [] : ['Python: apt-get install python3']),
  ...(runs('sqlite3') ? [] : ['sqlite3: apt-get install sqlite3']),
]

function runs(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
}

/** All that this machine has. */
export const CSV_READERS: Record<string, CsvReader> = {
  'csv-parse': {
    read: each(async ({ path, delimiter }) => {
      const options = { bom: true, delimiter, relax_column_count: true }
      return csvParse(await readFile(path), options) as string[][]
    }),
  },
  'Papa Parse': {
    read: each(async ({ path, delimiter }) => {
      const text = await readFile(path, 'utf8')
      const { data, errors } = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true })
      if (errors.length > 0) throw new Error(errors[0]!.message)
      return data
    }),
  },
  'd3-dsv': {
    read: each(async ({ path, delimiter }) => {
      return dsvFormat(delimiter).parseRows(await textOf(path))
    }),
  },
  'fast-csv': {
    read: each(({ path, delimiter }) => all<string[]>(parseFile(path, { delimiter, headers: false }))),
  },
  'csv-parser': {
    read: each(async ({ path, delimiter }) => {
      const parser = csvParser({ headers: false, separator: delimiter })
      const text = Buffer.from(await textOf(path))
      const rows = await all<Record<number, string>>(Readable.from([text]).pipe(parser))
      return rows.map((row) => Object.values(row))
    }),
  },
  ...(runs('python3') ? { 'Python csv': { read: readByPython } } : {}),
  ...(runs('sqlite3') ? { sqlite3: { isSquare: true, read: each(readBySqlite) } } : {}),
}

/** One process for all: it takes long to begin. */
async function readByPython(files: CsvFile[]): Promise<string[][][]> {
  const program = [
    'import csv, json, sys',
    'csv.field_size_limit(10**8)',
    'def lines(path, delimiter):',
    '    with open(path, encoding="utf-8-sig", newline="") as file:',
    '        return list(csv.reader(file, delimiter=delimiter))',
    'json.dump([lines(*each) for each in json.loads(sys.argv[1])], sys.stdout)',
  ]
  const asked = JSON.stringify(files.map(({ path, delimiter }) => [path, delimiter]))
  return JSON.parse(await output('python3', ['-c', program.join('\n'), asked])) as string[][][]
}

async function readBySqlite({ path, delimiter, columns }: CsvFile): Promise<string[][]> {
  const names = Array.from({ length: columns }, (_, place) => `c${place} TEXT`).join(', ')
  const commands = [
    `CREATE TABLE cells (${names});`,
    '.mode csv',
    `.separator "${delimiter === '\t' ? '\\t' : delimiter}" "\\n"`,
    `.import "${path}" cells`,
    '.mode json',
    'SELECT * FROM cells;',
  ]
  const rows = JSON.parse(await output('sqlite3', [':memory:', ...commands])) as object[]
  return rows.map((row) => Object.values(row).map((cell: string | null) => cell ?? ''))
}

async function output(program: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 1e8 })
  return stdout
}
