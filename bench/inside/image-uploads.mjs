/** The same image job, by this package, by smile-identity-core, and by fetch with nothing around it. */
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  const zip = zipSync({ 'info.json': new Uint8Array(1500), ...Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file))]))) }, { level: 0 })

  return {
    ours: (job_id) => submitImageJob(client, {
      partner_params: { user_id: `user-${job_id}`, job_id, job_type: 1 },
      images: { selfie: photoFile(selfie), ...(card && { front: photoFile(card) }), liveness: frames.map((frame) => photoFile(frame)) },
      id_info,
    }, { willWait: true }),

    core: (job_id) => core.submit_job(
      { user_id: `user-${job_id}`, job_id, job_type: 1 },
      // It zips the types 0 and 1 alone.
      [selfie, card, ...frames].filter(Boolean).map((image, i) => ({ image_type_id: i === 1 ? 1 : 0, image })),
      { ...id_info, entered: true }, { return_job_status: false },
    ),

    /** Reads the files, and sends as many bytes as the zip has: no checks, no checksums. */
    async streamed(job_id) {
      const photos = await Promise.all(files.map((file) => readFile(join(folder, file))))
      const size = photos.reduce((sum, photo) => sum + photo.length, 0)
      const timestamp = new Date().toISOString()
      const signature = createHmac('sha256', apiKey).update(`${timestamp}${partnerId}sid_request`).digest('base64')
      const fields = { smile_client_id: partnerId, timestamp, signature, partner_params: { user_id: `user-${job_id}`, job_id, job_type: 1 }, file_name: 'selfie.zip' }
      const { upload_url } = await (await fetch(`${url}/v1/upload`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields), redirect: 'error' })).json()
      const pieces = [zip.subarray(0, zip.length - size)]
      for (const photo of photos) for (let at = 0; at < photo.length; at += PIECE) pieces.push(photo.subarray(at, at + PIECE))
      let next = 0
      const body = new ReadableStream({
        pull(controller) {
          if (next >= pieces.length) return controller.close()
          controller.enqueue(pieces[next++])
        },
      }, { highWaterMark: 0 })
      const response = await fetch(upload_url, { method: 'PUT', body, duplex: 'half', redirect: 'error', headers: { 'content-type': 'application/zip', 'content-length': String(zip.length) } })
      if (!response.ok) throw new Error(`streamed: ${response.status}`)
    },
  }
}
