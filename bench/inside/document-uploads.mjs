/** The same document verification, by this package and by fetch with nothing around it. */
import { createClient } from '../../dist/client.js'
import { submitDocumentVerification } from '../../dist/v3/document-verification.js'
import { credentials, densePhoto, largePhoto } from './photo.mjs'

const IMAGES = 8
const IMAGE_BYTES = 500_000

const texts = {
  country: 'GH',
  user_details: { given_names: 'Ada', last_name: 'Sample', email: 'ada@example.com' },
  consent: {
    granted: true,
    granted_at: '2026-05-04T08:00:00.000Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  },
}

/** By name, what submits one job; each rejects unless it was taken on. */
export async function documentUploads(url) {
  const client = createClient({ ...credentials, environment: 'sandbox', baseUrl: url })
  const inputOf = (makePhoto) => {
    const images = Array.from({ length: IMAGES }, () => makePhoto(IMAGE_BYTES))
    const [selfie_image, document, ...liveness_images] = images
    return { ...texts, selfie_image, liveness_images, document }
  }
  const input = inputOf(largePhoto)
  const cameraInput = inputOf(densePhoto)
  const { selfie_image, liveness_images, document } = input
  const { token } = await (await fetch(`${url}/v3/token`, { method: 'POST' })).json()
  const named = [
    ['selfie_image', selfie_image],
    ...liveness_images.map((frame) => ['liveness_images', frame]),
    ['document', document],
  ]
  const textOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value))

  async function post(body, init = {}) {
    const headers = { 'smileid-token': token, ...init.headers }
    const response = await fetch(`${url}/v3/document_verification`, {
      method: 'POST',
      body,
      ...init,
      headers,
    })
    const reply = await response.json()
    if (reply.status !== 'accepted') throw new Error(`answered with ${response.status}`)
  }

  return {
    /** With images in memory, as those are that came with a request. */
    ours: () => submitDocumentVerification(client, input),

    /** The same with pixels as those of cameras, which take longer to check. */
    ofCamera: () => submitDocumentVerification(client, cameraInput),

    /** The form by hand, its images as they are, without a check of anything. */
    streamed() {
      const boundary = `form-${crypto.randomUUID()}`
      const head = (name) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`
      const pieces = Object.entries(texts).map(([name, value]) =>
        Buffer.from(`${head(name)}\r\n\r\n${textOf(value)}\r\n`),
      )
      for (const [name, image] of named) {
        const file = `${head(name)}; filename="${name}.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
        pieces.push(Buffer.from(file), image, Buffer.from('\r\n'))
      }
      pieces.push(Buffer.from(`--${boundary}--\r\n`))
      let next = 0
      const body = new ReadableStream(
        {
          pull(controller) {
            if (next >= pieces.length) return controller.close()
            controller.enqueue(pieces[next++])
          },
        },
        { highWaterMark: 0 },
      )
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
      return post(body, {
        duplex: 'half',
        redirect: 'error',
        headers: {
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': String(length),
        },
      })
    },

    /** As one would write it first. */
    formData() {
      const form = new FormData()
      for (const [name, value] of Object.entries(texts)) form.append(name, textOf(value))
      for (const [name, image] of named) {
        form.append(name, new Blob([image], { type: 'image/jpeg' }), `${name}.jpg`)
      }
      return post(form)
    },
  }
}
