/** What a release lacks, before anything is built, tested or published; `npm publish` runs it first. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const read = (file) => readFileSync(file, 'utf8')
const [npm, lock, jsr] = ['package.json', 'package-lock.json', 'jsr.json'].map((file) =>
  JSON.parse(read(file)),
)
const [, newest = ''] = /^## (.+)$/m.exec(read('CHANGELOG.md')) ?? []
const { env } = process
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()

const lacks = [
  [
    !npm.repository?.url,
    'package.json names no `repository` (type, url): ' +
      'npm compares the provenance of a release with it, and SECURITY.md sends people there',
  ],
  [
    npm.publishConfig?.provenance && !env.ACTIONS_ID_TOKEN_REQUEST_URL && !env.SIGSTORE_ID_TOKEN,
    'provenance is signed in CI alone: publish from GitHub Actions (permission id-token: write) ' +
      'or GitLab CI (SIGSTORE_ID_TOKEN)',
  ],
  [
    lock.version !== npm.version || jsr.version !== npm.version,
    `versions differ: package.json ${npm.version}, package-lock.json ${lock.version}, ` +
      `jsr.json ${jsr.version}`,
  ],
  [
    newest.split(' ')[0] !== npm.version,
    `CHANGELOG.md begins with ${newest || 'nothing'}, not with ${npm.version}`,
  ],
  [/unreleased/i.test(newest), 'CHANGELOG.md calls this version unreleased: give it its date'],
  [git('status', '--porcelain'), 'there are changes that are not committed'],
]
  .filter(([isSo]) => isSo)
  .map(([, what]) => what)

for (const what of lacks) console.error(`not to be published: ${what}`)
process.exitCode = lacks.length ? 1 : 0
