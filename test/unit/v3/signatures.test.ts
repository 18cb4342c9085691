/** Signatures of v3, beside vectors that were made apart. */
import { readFileSync } from 'node:fs'
import { createClient } from 'smileid-edge/client'
import { expect, it } from 'vitest'
import { keyCallerOf } from '../../../src/v3/client/caller'
import { isSignedBy, signedPairOf } from '../../../src/v3/http/signature'

interface Vector {
  name: string
  expect: string
  client: { partnerId: string; apiKey: string }
  headers: [string, string][]
}

const file = new URL('../../vectors/v3/signatures.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }

it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
  const caller = keyCallerOf(createClient({ ...vector.client, environment: 'sandbox' }))
  const pair = signedPairOf(new Headers(vector.headers))
  const found = pair ? await isSignedBy(caller, pair) : 'signature_missing'
  // How old it may be is a matter of callbacks: here, what has expired was signed, too.
  const expected = { accept: true, signature_expired: true, signature_mismatch: false }[vector.expect]
  expect(found).toBe(expected ?? vector.expect)
})
