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
    'job-status': 13_200,
    backfill: 17_900,
    bulk: 29_300,
    callback: 15_900,
    cloudflare: 30_500,
    sql: 8200,
    redis: 7000,
    'store-contract': 5100,
    'id-verification': 15_700,
    'image-jobs': 22_300,
    'smart-selfie': 17_900,
    services: 12_400,
    'web-token': 12_300,
    request: 11_900,
    rows: 8700,
    legacy: 4000,
    compat: 27_100,
    index: 35_100,
    v3: 34_600,
    'v3/address': 17_100,
    'v3/aml': 18_600,
    'v3/biometric-kyc': 21_800,
    'v3/callback': 20_300,
    'v3/client': 4700,
    'v3/document-verification': 22_000,
    'v3/enhanced-kyc': 17_700,
    'v3/migrate': 3500,
    'v3/request': 15_700,
    'v3/result': 500,
    'v3/services': 16_000,
    'v3/smart-selfie': 21_900,
    'v3/smile-links': 16_800,
    'v3/status': 16_100,
    'v3/token': 14_900,
    'v3/users': 16_100,
  }

  it.each(Object.entries(limits))(
    'of %s is at most %i bytes after minification and brotli, for browsers and for Node',
    async (name, limit) => {
      for (const platform of ['browser', 'node'] as const)
        expect(size(await bundle(whole(name), platform))).toBeLessThanOrEqual(limit)
    },
  )

  it.each([
    ['sql', 6000],
    ['redis', 4000],
  ])(
    'of bulk and callback grows with %s by at most %i bytes, and has nothing of it before',
    async (name, limit) => {
      const without = await bundle(`${whole('bulk')}\n${whole('callback')}`, 'browser')
      const within = await bundle(`${whole('bulk')}\n${whole('callback')}\n${whole(name)}`, 'browser')
      expect(size(within) - size(without)).toBeLessThanOrEqual(limit)
      for (const word of ['EVALSHA', 'INSERT INTO', 'smileid_journal']) expect(without).not.toContain(word)
    },
  )

  it('of the root has neither SQL nor scripts of Redis', async () => {
    const text = await bundle(whole('index'), 'browser')
    for (const word of ['EVALSHA', 'INSERT INTO', 'smileid_']) expect(text).not.toContain(word)
  })

  it('of D1 alone has nothing of Postgres', async () => {
    const text = await bundle(`export { createD1Journal } from 'smileid-edge/cloudflare'`, 'browser')
    expect(text).not.toContain('to_regclass')
  })

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
