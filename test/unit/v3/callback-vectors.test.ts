/** Callbacks beside vectors that were made apart: which are accepted, and what the others are refused for. */
import { readFileSync } from 'node:fs'
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { verifyCallback } from 'smileid-edge/v3/callback'
import { describe, expect, it } from 'vitest'

interface Vector {
  name: string
  expect: string
  client: { partnerId: string; apiKey: string }
  now: string
  maxAgeMs: number
  headers: [string, string][]
}

const file = new URL('../../vectors/v3/signatures.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }
const JOB_ID = 'job_01k7m2q4r6s8t0v1w3x5y7z9ab'
const body = { status: 'clear', message: 'text', reason: null, product: 'enhanced_kyc' }

async function outcomeOf({ client, now, maxAgeMs, headers }: Vector, kind: 'record' | 'request') {
  const made = createClient({ ...client, environment: 'sandbox', now: () => Date.parse(now) })
  const all: [string, string][] = [...headers, ['Job-ID', JOB_ID]]
  const input =
    kind === 'record'
      ? { headers: Object.fromEntries(all), body }
      : new Request('https://app.example/', { method: 'POST', headers: all, body: JSON.stringify(body) })
  try {
    await verifyCallback(made, input, { maxAgeMs })
    return 'accept'
  } catch (error) {
    return isSmileIdError(error) ? error.code : String(error)
  }
}

describe.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
  it(`is ${vector.expect}, in a Request as in plain headers`, async () => {
    expect([await outcomeOf(vector, 'record'), await outcomeOf(vector, 'request')]).toEqual([
      vector.expect,
      vector.expect,
    ])
  })
})
