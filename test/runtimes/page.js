/**
 * What a page may hold of the SDK: it reads photos and results, and gets its tokens. The key is in it for the
 * test alone.
 */
import { verifyCallback } from 'smileid-edge/callback'
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { readPhoto } from 'smileid-edge/photo'
import { interpretResult } from 'smileid-edge/result'
import { generateSignature } from 'smileid-edge/signature'
import { createWebToken } from 'smileid-edge/web-token'

const drawn = (type) =>
  new Promise((resolve) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 })
    canvas.getContext('2d').fillRect(20, 20, 200, 100)
    canvas.toBlob(resolve, type)
  })
const codeOf = (work) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'none',
      (error) => (isSmileIdError(error) ? error.code : String(error)),
    )

globalThis.runPage = async (peer, apiKey) => {
  const options = { partnerId: '085', apiKey, environment: 'sandbox', baseUrl: peer }
  const client = createClient({ ...options, dangerouslyAllowBrowser: true })
  const callback = {
    ...(await generateSignature(client)),
    SmileJobID: '1',
    ResultCode: '0810',
    PartnerParams: { user_id: 'u', job_id: 'j', job_type: 1 },
  }
  const seen = {
    jpeg: await readPhoto(await drawn('image/jpeg')).then(
      ({ type, width, height }) => `${type} ${width}x${height}`,
    ),
    png: await readPhoto(await drawn('image/png')).then(
      ({ type, width, height }) => `${type} ${width}x${height}`,
    ),
    webp: await codeOf(async () => readPhoto(await drawn('image/webp'))),
    client: await codeOf(() => createClient(options)),
    token: typeof (
      await createWebToken(client, {
        user_id: 'u',
        job_id: 'j',
        product: 'biometric_kyc',
        callback_url: 'https://app.example/callback',
      })
    ).token,
    decision: interpretResult(callback).decision,
    callback: (await verifyCallback(client, callback)).job.job_id,
    forged: await codeOf(() =>
      verifyCallback(client, { ...callback, timestamp: new Date(0).toISOString() }, { maxAgeMs: Infinity }),
    ),
  }
  const expected = {
    jpeg: 'image/jpeg 320x240',
    png: 'image/png 320x240',
    webp: 'invalid_input',
    client: 'invalid_input',
    token: 'string',
    decision: 'approved',
    callback: 'j',
    forged: 'signature_mismatch',
  }
  const failed = Object.keys(expected)
    .filter((name) => seen[name] !== expected[name])
    .map((name) => `${name}: ${seen[name]}, not ${expected[name]}`)
  return JSON.stringify({ passed: Object.keys(expected).length - failed.length, failed })
}
