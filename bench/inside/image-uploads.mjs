/** The same image job, by this package, by smile-identity-core, and by fetch with nothing around it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { zipSync } from 'fflate'
import { createClient } from '../../dist/client.js'
import { submitImageJob } from '../../dist/image-jobs.js'
import { photoFile } from '../../dist/node.js'
import { credentials } from './photo.mjs'

const PIECE = 65_536
const id_info = { country: 'NG', id_type: 'BVN', id_number: '00000000000' }

/** By name, what submits one job with the first file as selfie and the second, if there is one, as card; more are liveness frames. */
export async function imageJobs(url, folder, files) {
  const [selfie, card, ...frames] = files.map((file) => join(folder, file))
  const client = createClient({ ...credentials, environment: 'sandbox', baseUrl: url })
  const { partnerId, apiKey } = credentials
  const { WebApi } = (await import('smile-identity-core')).default
  const core = new WebApi(partnerId, 'https://example.com/', apiKey, 'example.com')
  core.url = `${url}/v1` // its constructor takes https alone

  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(apiKey), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const read = () => Promise.all(files.map((file) => readFile(join(folder, file))))
  const kept = await read()
  const zip = zipSync({ 'info.json': new Uint8Array(1500), ...Object.fromEntries(files.map((file, i) => [file, kept[i]])) }, { level: 0 })
  const submit = (job_id, [first, second, ...more]) => submitImageJob(client, {
    partner_params: { user_id: `user-${job_id}`, job_id, job_type: 1 }, images: { selfie: first, ...(second && { front: second }), liveness: more }, id_info,
  }, { willWait: true })

  return {
    /** With images that are in memory, as those are that came with a request. */
    ours: (job_id) => submit(job_id, kept),

    /** With images from disk, each read when its job comes. */
    files: (job_id) => submit(job_id, [selfie, card, ...frames].filter(Boolean).map((path) => photoFile(path))),

    core: (job_id) => core.submit_job(
      { user_id: `user-${job_id}`, job_id, job_type: 1 },
      // It zips the types 0 and 1 alone.
      [selfie, card, ...frames].filter(Boolean).map((image, i) => ({ image_type_id: i === 1 ? 1 : 0, image })),
      { ...id_info, entered: true }, { return_job_status: false },
    ),

    /** The same zip made by hand and streamed, with the checksums that it needs and without a check of anything. */
    streamed: (job_id) => send(job_id, kept),

    streamedFiles: async (job_id) => send(job_id, await read()),
  }

  async function send(job_id, photos) {
    const size = photos.reduce((sum, photo) => sum + photo.length, 0)
    const timestamp = new Date().toISOString()
    const signature = Buffer.from(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${timestamp}${partnerId}sid_request`))).toString('base64')
    const fields = { smile_client_id: partnerId, timestamp, signature, partner_params: { user_id: `user-${job_id}`, job_id, job_type: 1 }, file_name: 'selfie.zip' }
    const { upload_url } = await (await fetch(`${url}/v1/upload`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields), redirect: 'error' })).json()
    const rest = zip.slice(0, zip.length - size)
    const pieces = [rest]
    for (const [i, photo] of photos.entries()) {
      new DataView(rest.buffer).setUint32(14 + 4 * i, crc32(photo), true)
      for (let at = 0; at < photo.length; at += PIECE) pieces.push(photo.subarray(at, at + PIECE))
    }
    let next = 0
    const body = new ReadableStream({
      pull(controller) {
        if (next >= pieces.length) return controller.close()
        controller.enqueue(pieces[next++])
      },
    }, { highWaterMark: 0 })
    const response = await fetch(upload_url, { method: 'PUT', body, duplex: 'half', redirect: 'error', headers: { 'content-type': 'application/zip', 'content-length': String(zip.length) } })
    if (!response.ok) throw new Error(`streamed: ${response.status}`)
  }
}
