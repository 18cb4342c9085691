/** Entries as they are built: what each holds, and how small it is. */
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json')) as {
  typesVersions: { '*': Record<string, unknown> }
}
const entries = ['', 'v3/']
  .flatMap((folder) =>
    readdirSync(new URL(`../../src/${folder}`, import.meta.url)).map((name) => folder + name),
  )
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort()

// That the list is the exports map and the tables of docs/entries.md, test/unit/house.test.ts says.
describe('the list of entries', () => {
  it('is the types map', () => {
    const named = Object.keys(manifest.typesVersions['*'])
      .filter((name) => name !== 'package.json')
      .map((name) => (name === '.' ? 'index' : name))
    expect(named.sort()).toEqual(entries)
  })
  it('is what was built', () => {
    const dist = new URL('../../dist', import.meta.url)
    const built = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    expect(
      entries
        .flatMap((name) => ['.js', '.cjs', '.d.ts', '.d.cts'].map((end) => name + end))
        .filter((name) => !built.includes(name)),
    ).toEqual([])
  })
  it('has files that hold re-exports and functions, but no statement that runs', async () => {
    for (const name of entries)
      expect(
        await bundle(`import 'smileid-edge${name === 'index' ? '' : `/${name}`}'`, 'browser'),
        name,
      ).toBe('')
  })
})

/** As a user's bundler makes it of the package in dist/. */
async function bundle(code: string, platform: 'browser' | 'node' | 'neutral'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: new URL('../..', import.meta.url).pathname },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform,
    mainFields: ['module', 'main'],
    logLevel: 'error',
    external: ['node:*'],
  })
  return outputFiles[0]!.text.trim()
}
const whole = (name: string) => `export * from 'smileid-edge${name === 'index' ? '' : `/${name}`}'`
const size = (text: string) => brotliCompressSync(text).length

describe('a bundle', () => {
  // With ofetch and valibot as they are published.
  const limits: Record<string, number> = {
    signature: 1800,
    errors: 700,
    photo: 6800,
    result: 3200,
    client: 4700,
    'job-status': 13_100,
    backfill: 17_700,
    bulk: 28_200,
    callback: 15_800,
    cloudflare: 28_400,
    'id-verification': 15_600,
    'image-jobs': 22_200,
    'smart-selfie': 17_700,
    services: 12_200,
    'web-token': 12_200,
    request: 11_700,
    rows: 8700,
    legacy: 4000,
    compat: 26_900,
    index: 34_800,
    v3: 34_200,
    'v3/address': 17_000,
    'v3/aml': 18_200,
    'v3/biometric-kyc': 21_700,
    'v3/callback': 20_200,
    'v3/client': 4600,
    'v3/document-verification': 21_800,
    'v3/enhanced-kyc': 17_300,
    'v3/migrate': 3500,
    'v3/request': 15_400,
    'v3/result': 500,
    'v3/services': 15_700,
    'v3/smart-selfie': 21_600,
    'v3/smile-links': 16_600,
    'v3/status': 15_900,
    'v3/token': 14_900,
    'v3/users': 15_800,
  }

  it.each(Object.entries(limits))(
    'of %s is at most %i bytes after minification and brotli, for browsers and for Node',
    async (name, limit) => {
      for (const platform of ['browser', 'node'] as const)
        expect(size(await bundle(whole(name), platform))).toBeLessThanOrEqual(limit)
    },
  )

  it('of verifyCallback alone is at most 5,100 bytes', async () => {
    const text = await bundle(`export { verifyCallback } from 'smileid-edge/callback'`, 'browser')
    expect(size(text)).toBeLessThanOrEqual(5100)
  })

  it('has the sizes that docs/entries.md names', async () => {
    const rows = [
      ...read('playground/docs/entries.md').matchAll(
        /^\| `smileid-edge(?:\/([\w/-]+))?` \| ([\d.]+) kB \|/gm,
      ),
    ]
    expect(rows).toHaveLength(entries.length - 2) // all but the emulator and node
    for (const [, name = 'index', kilobytes] of rows) {
      // brotli itself is off by some 80 bytes
      expect(
        Math.abs(size(await bundle(whole(name), 'browser')) / 1000 - Number(kilobytes)),
        name,
      ).toBeLessThan(0.15)
    }
  })

  it.each([
    ['signature', ['fetch', 'http', '~run', 'AbortController', 'image/', 'partner_id', 'setTimeout']],
    ['errors', ['fetch', 'http', 'crypto', '~run']],
    ['photo', ['fetch(', 'http', 'crypto', 'setTimeout']],
    ['client', ['POST', 'image/', 'setInterval', 'FixedLengthStream']],
    ['backfill', ['emulat', 'SHA-256']],
    ['result', ['fetch', 'http', 'crypto']],
    ['job-status', ['emulat', 'photo_format', 'toBase64']],
    ['callback', ['emulat', 'photo_format', 'toBase64']],
    ['cloudflare', ['emulat', 'cloudflare:', 'ALIEN_CARD']],
    ['services', ['emulat', 'photo_format', 'ALIEN_CARD']],
    ['id-verification', ['emulat', 'photo_format', 'ALIEN_CARD']],
    ['image-jobs', ['emulat', 'ALIEN_CARD', 'fflate', 'deflate']],
    ['legacy', ['fetch', 'http', '~run', 'POST', 'setTimeout']],
    ['compat', ['emulat', 'ALIEN_CARD', 'fflate', 'deflate', 'import(', 'require(', 'Buffer.alloc']],
    ['index', ['BigInt', 'emulat', 'createServer', 'node:', 'require(']],
  ])('of %s is free of %j', async (name, forbidden) => {
    const text = await bundle(whole(name), 'browser')
    expect(forbidden.filter((part) => text.includes(part))).toEqual([])
  })

  it('for Node brings no fetch polyfill', async () => {
    const text = await bundle(whole('backfill'), 'node')
    expect(text).not.toMatch(/node-fetch|node:http|require\("http/)
  })

  it('needs nothing of Node, but for the entry of that name', async () => {
    // compat names a built-in, which it asks the process for, if there is one.
    expect(
      [...(await bundle(whole('compat'), 'neutral')).matchAll(/node:[\w/]+|require\(|import\(/g)].map(
        ([text]) => text,
      ),
    ).toEqual(['node:fs/promises'])
    for (const name of entries.filter((entry) => entry !== 'node' && entry !== 'compat'))
      expect(await bundle(whole(name), 'neutral'), name).not.toMatch(/node:|require\(/)
  })
})
