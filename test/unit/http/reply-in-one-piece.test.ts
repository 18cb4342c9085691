import { afterEach, expect, it, vi } from 'vitest'
import { createClient, type FetchLike } from '../../../src/client.ts'
import { signedRequest } from '../../../src/request.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const TEXT = '{"a":1}'
const LENGTH = { 'content-length': String(TEXT.length) }

/** How a reply with these headers is read on Deno: by the platform's own fetch, or by one of the caller's. */
async function readAs({ headers, own }: { headers: Record<string, string>; own: boolean }): Promise<string> {
  const response = new Response(TEXT, { headers })
  const asOne = vi.spyOn(response, 'arrayBuffer')
  const fetch: FetchLike = async () => response
  vi.stubGlobal('Deno', {})
  vi.stubGlobal('fetch', fetch)
  const client = createClient({
    partnerId: '085',
    apiKey: 'key',
    environment: 'sandbox',
    fetch: own ? fetch : undefined,
  })
  expect(await signedRequest(client, '/v1/other', {})).toEqual({ a: 1 })
  return asOne.mock.calls.length === 1 ? 'one piece' : 'pieces'
}

// 33,554,432 bytes are the most that a reply may have.
it.each([
  { reply: 'of known length', headers: LENGTH, own: false, as: 'one piece' },
  { reply: 'of unknown length', headers: {}, own: false, as: 'pieces' },
  { reply: 'with no number for a length', headers: { 'content-length': 'x' }, own: false, as: 'pieces' },
  { reply: 'over the limit', headers: { 'content-length': '33554433' }, own: false, as: 'pieces' },
  {
    reply: 'that was unpacked on the way',
    headers: { ...LENGTH, 'content-encoding': 'gzip' },
    own: false,
    as: 'pieces',
  },
  { reply: "of a caller's own fetch, whatever length it says", headers: LENGTH, own: true, as: 'pieces' },
])('Deno reads a reply $reply in $as', async ({ headers, own, as }) => {
  expect(await readAs({ headers, own })).toBe(as)
})
