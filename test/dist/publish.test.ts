/** `npm publish` begins by saying all that a release lacks. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

function check(
  files: Record<string, unknown>,
  env: Record<string, string> = {},
): { code: number | null; said: string[] } {
  const dir = mkdtempSync(join(tmpdir(), 'smileid-publish-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: dir })
  git('init', '-q')
  if (!('dirty' in files)) {
    git('add', '-A')
    git('commit', '-qm', 'all')
  }
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _a, SIGSTORE_ID_TOKEN: _b, ...rest } = process.env
  const { status, stderr } = spawnSync(process.execPath, [`${root}build/check-publish.mjs`], {
    cwd: dir,
    env: { ...rest, ...env },
    encoding: 'utf8',
  })
  return { code: status, said: stderr.trim().split('\n').filter(Boolean) }
}

const right = {
  'package.json': {
    version: '1.2.3',
    repository: { type: 'git', url: 'git+https://git.example/sdk.git' },
    publishConfig: { provenance: true },
  },
  'package-lock.json': { version: '1.2.3' },
  'jsr.json': { version: '1.2.3' },
  'CHANGELOG.md': '# Changelog\n\n## 1.2.3 (2026-01-31)\n\n- Add all.\n',
}

it('has nothing to say of a release that is complete', () => {
  expect(check(right, { SIGSTORE_ID_TOKEN: 'x' })).toEqual({ code: 0, said: [] })
  expect(check(right, { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://ci.example' })).toEqual({ code: 0, said: [] })
})

it('lists everything that is missing at once', () => {
  const { code, said } = check({
    dirty: 'x',
    'package.json': { version: '1.2.4', publishConfig: { provenance: true } },
    'package-lock.json': { version: '1.2.4' },
    'jsr.json': { version: '1.2.3' },
    'CHANGELOG.md': '## 1.2.3 (unreleased)\n',
  })
  expect(code).toBe(1)
  expect(
    said.map(
      (line) =>
        /repository|provenance is|versions differ|begins with|unreleased|not committed/.exec(line)?.[0],
    ),
  ).toEqual(['repository', 'provenance is', 'versions differ', 'begins with', 'unreleased', 'not committed'])
})

it('is what `npm publish` runs, before all tests', () => {
  const { scripts, publishConfig } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    scripts: Record<string, string>
    publishConfig: object
  }
  expect(scripts.prepublishOnly).toBe('node build/check-publish.mjs && npm test')
  expect(publishConfig).toEqual({ access: 'public', provenance: true })
})
