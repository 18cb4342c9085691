/** The Worker as it is deployed, and the command that starts it here. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { bundle } from '../../playground/platform.mjs'
import { fetchOnce, openPage, scratch } from './platform.ts'

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const dryRun = async (...more: string[]) => {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [here('node_modules/wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', scratch(), ...more],
    { env, cwd: here('.') },
  )
  return stdout
}

test('the same Worker is ready to be deployed, with credentials of the configuration alone', async () => {
  for (const name of ['sandbox', 'production']) {
    const said = await dryRun('-c', 'playground/wrangler.jsonc', '--env', name)
    expect(said).toContain('--dry-run: exiting now.')
    for (const binding of [
      'ROWS',
      'DB',
      'PHOTOS',
      'ASSETS',
      'SMILE_ID_PARTNER_ID',
      `SMILE_ID_ENVIRONMENT ("${name}")`,
    ])
      expect(said).toContain(`env.${binding}`)
    // Secrets are no configuration, and the emulator is no part of it.
    expect(said).not.toMatch(/SMILE_ID_API\b|API_KEY|SESSION_SECRET|PLAYGROUND_TOKEN|emulator/)
  }
  expect(await dryRun('-c', 'playground/wrangler.jsonc', '--env', '')).toContain(
    'env.SMILE_ID_API (smileid-emulator)',
  )
  expect(await dryRun('-c', 'playground/emulator/wrangler.jsonc')).toContain('env.SERVICE (EmulatedService)')
})

test('the Worker is small, and has no emulator in it', async () => {
  const script = await bundle('worker/index.ts', { minify: true })
  expect(gzipSync(script).length).toBeLessThanOrEqual(85_000)
  expect(script).not.toContain('emulator-key')
})

test('starts with one command, keeps all over a restart, and says when the port is taken', async () => {
  const data = scratch()
  const start = async (...more: string[]) => {
    const child = spawn(process.execPath, [here('playground/start.mjs'), '--data', data, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => said.push(String(piece)))
    const stop = async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGINT')
        await once(child, 'exit')
      }
    }
    onTestFinished(stop)
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said.join('')) ?? []
    return { url: url!, said, stop, child }
  }
  const first = await start('--port', '0')
  const page = await openPage(first.url)
  const id = crypto.randomUUID()
  expect(
    (
      await page.call(`/api/imports/${id}`, {
        method: 'PUT',
        body: 'user_id,user_created_at,photo\nu,2021-08-12,u.jpg\n',
      })
    ).status,
  ).toBe(201)
  const again = await start('--port', new URL(first.url).port)
  if (again.child.exitCode === null) await once(again.child, 'exit')
  expect([again.said.join('').trim().split('\n').at(-1), again.child.exitCode]).toEqual([
    `Port ${new URL(first.url).port} is taken: npm start -- --port 8788`,
    1,
  ])
  await first.stop()
  const second = await start('--port', '0')
  // The session, too: what signs it is kept.
  const { imports } = (await (
    await fetchOnce(`${second.url}/api/imports`, { headers: { cookie: page.headers.cookie! } })
  ).json()) as { imports: { id: string }[] }
  expect(imports.map((known) => known.id)).toEqual([id])
})
