/**
 * Bodies of callbacks as long as they may be, in pieces of any length: by how much the peak of a process
 * grows that takes one, beside that of a process which reads the same body and keeps nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundledProgram, ended, start } from '../support/node-child'

const MAX_BYTES = 2_097_152

const PROGRAM = `
import { createCallbackHandler } from 'smileid-edge/callback'
import { createClient } from 'smileid-edge/client'
const [what, pieceBytes] = [process.argv[2], Number(process.argv[3])]
const client = createClient({ partnerId: '085', apiKey: 'key-of-no-account', environment: 'sandbox' })
const handle = createCallbackHandler(client, { confirm: false, onResult() {} })

function requestOf(bytes) {
  const piece = new Uint8Array(pieceBytes).fill(97)
  let left = bytes
  const body = new ReadableStream(
    {
      pull(controller) {
        if (left <= 0) return controller.close()
        controller.enqueue(piece.slice(0, left))
        left -= pieceBytes
      },
    },
    { highWaterMark: 0 },
  )
  return new Request('https://app.example/callback', { method: 'POST', body, duplex: 'half' })
}
async function drain(request) {
  for await (const _ of request.body);
  return { status: 0 }
}
const take = { handle, drain }[what]
// Everything is loaded and warm before the measure.
for (let i = 0; i < 5; i++) await take(requestOf(20_000))
const before = process.resourceUsage().maxRSS
const { status } = await take(requestOf(${MAX_BYTES}))
console.log(JSON.stringify({ status, mb: (process.resourceUsage().maxRSS - before) / 1024 }))`

let dir: string
let program: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'callbacks-'))
  program = await bundledProgram(dir, 'take.mjs', PROGRAM)
})
afterAll(() => rm(dir, { recursive: true }))

async function take(what: 'handle' | 'drain', pieceBytes: number): Promise<{ status: number; mb: number }> {
  const { stdout, stderr } = await ended(start(program, what, String(pieceBytes)))
  if (!stdout) throw new Error(`the process died: ${stderr.slice(0, 500)}`)
  return JSON.parse(stdout) as { status: number; mb: number }
}

it.each([1, 100, 1000, 16_384, 65_536, MAX_BYTES])('in pieces of %d bytes', async (pieceBytes) => {
  const handled = await take('handle', pieceBytes)
  const drained = await take('drain', pieceBytes)
  expect(handled.status).toBe(400)
  expect(handled.mb - drained.mb, 'MB').toBeLessThan(8)
})
