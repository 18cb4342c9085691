/** node build/check-lines.mjs: lists lines that are wider than 110 columns, strings and comments included. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const COLUMNS = 110
const FOLDERS = ['src', 'test', 'playground', 'bench', 'build']
const CODE = /\.(ts|mts|mjs|js|css)$/

const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...FOLDERS]
const files = execFileSync('git', list, { encoding: 'utf8' })
  .split('\n')
  // A file that was removed is listed until that is committed.
  .filter((file) => CODE.test(file) && existsSync(file))

let wide = 0
for (const file of files) {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if ([...line].length <= COLUMNS) continue
    wide++
    console.error(`${file}:${index + 1}: ${[...line].length} columns`)
  }
}
if (wide) console.error(`${wide} lines are wider than ${COLUMNS} columns`)
process.exitCode = wide ? 1 : 0
