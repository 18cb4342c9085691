/**
 * The program by which a browser registers a face, over real HTTP: its backend is the peer's, and what goes
 * to the service's host goes to the peer's emulator, with the service's own CORS.
 */
import { enrol } from '../../types/v3-browser-registration'
import { jpeg } from '../../support/v3-images'
import type { Jobs, Session } from '../../support/v3-peer'
import { describe, type Env, equal, test } from '../harness'

const SANDBOX = 'https://testapi.smileidentity.com'

const image = (seed: number) => new Blob([jpeg(seed) as BlobPart], { type: 'image/jpeg' })

/** What the page shows, with so many frames. */
async function shownBy({ peer }: Env, { user_id, frames }: { user_id: string; frames: number }) {
  const { fetch } = globalThis
  const ask = async <T>(what: string) =>
    (await (await fetch(`${peer}/v3-backend/${what}?user_id=${user_id}`)).json()) as T
  const { baseUrl } = await ask<Session>('session')
  const shown: string[] = []
  globalThis.fetch = (async (url: string, init?: RequestInit) => {
    if (url === '/smile-id/token') return Response.json(await ask('token'))
    return fetch(url.replace(SANDBOX, baseUrl), init)
  }) as typeof fetch
  try {
    const sources = Array.from({ length: frames }, (_, index) => image(11 + index))
    await enrol(image(1), sources, (text) => void shown.push(text))
  } finally {
    globalThis.fetch = fetch
  }
  const jobs = await ask<Jobs>('jobs')
  return { shown, products: jobs.map(({ product }) => product) }
}

describe('a program that registers a face from a browser', () => {
  test('sends it for the user whom the server named, and shows the verdict', async (env) => {
    const user_id = `user-${crypto.randomUUID()}`
    equal(await shownBy(env, { user_id, frames: 6 }), {
      shown: ['Sent.', 'Done.'],
      products: ['smart_selfie_registration'],
    })
  })

  test('says what is wrong with the pictures, and sends none', async (env) => {
    const user_id = `user-${crypto.randomUUID()}`
    equal(await shownBy(env, { user_id, frames: 5 }), {
      shown: ['liveness_images must be a list of 6 to 8 frames'],
      products: [],
    })
  })
})
