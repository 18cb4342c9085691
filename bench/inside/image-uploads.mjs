/** The same image job, by this package, by smile-identity-core, and by fetch with nothing around it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { createClient } from '../../dist/client.js'
import { submitImageJob } from '../../dist/image-jobs.js'
import * as node from '../../dist/node.js'
import { credentials } from './photo.mjs'

const PIECE = 65_536
const id_info = { country: 'NG', id_type: 'BVN', id_number: '00000000000' }

/**
 * By name, what submits one job with the first file as selfie and the second, if there is one, as card; more
 * are liveness frames.
 */
export async function imageJobs(url, folder, files) {
  const [selfie, card, ...frames] = files.map((file) => join(folder, file))
  const options = { ...credentials, environment: 'sandbox', baseUrl: url }
  const client = createClient(options)
  const byNode = createClient({ ...options, fetch: node.nodeFetch ?? fetch })
  const { partnerId, apiKey } = credentials
  const { WebApi } = (await import('smile-identity-core')).default
  const core = new WebApi(partnerId, 'https://example.com/', apiKey, 'example.com')
  core.url = `${url}/v1` // its constructor takes https alone

  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(apiKey),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const read = () => Promise.all(files.map((file) => readFile(join(folder, file))))
  const kept = await read()
  const submit = (by, job_id, [first, second, ...more]) =>
    submitImageJob(
      by,
      {
        partner_params: { user_id: `user-${job_id}`, job_id, job_type: 1 },
        images: { selfie: first, ...(second && { front: second }), liveness: more },
        id_info,
      },
      { willWait: true },
    )

  const fromDisk = () => [selfie, card, ...frames].filter(Boolean).map((path) => node.photoFile(path))

  return {
    /** With images that are in memory, as those are that came with a request. */
    ours: (job_id) => submit(client, job_id, kept),

    /** With images from disk, each read when its job comes. */
    files: (job_id) => submit(client, job_id, fromDisk()),
    filesByNode: (job_id) => submit(byNode, job_id, fromDisk()),

    core: (job_id) =>
      core.submit_job(
        { user_id: `user-${job_id}`, job_id, job_type: 1 },
        // It zips the types 0 and 1 alone.
        [selfie, card, ...frames]
          .filter(Boolean)
          .map((image, i) => ({ image_type_id: i === 1 ? 1 : 0, image })),
        { ...id_info, entered: true },
        { return_job_status: false },
      ),

    /** The same zip made by hand and streamed, without a check of anything. */
    streamed: (job_id) => send(job_id, kept),

    streamedFiles: async (job_id) => send(job_id, await read()),
  }

  async function send(job_id, photos) {
    const timestamp = new Date().toISOString()
    const signature = Buffer.from(
      await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${timestamp}${partnerId}sid_request`)),
    ).toString('base64')
    const fields = {
      smile_client_id: partnerId,
      timestamp,
      signature,
      partner_params: { user_id: `user-${job_id}`, job_id, job_type: 1 },
      file_name: 'selfie.zip',
    }
    const opened = await fetch(`${url}/v1/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
      redirect: 'error',
    })
    const reply = await opened.json()
    const info = JSON.stringify({
      package_information: {
        apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
        language: 'javascript',
      },
      misc_information: {
        ...fields,
        retry: 'false',
        callback_url: '',
        userData: {
          isVerifiedProcess: false,
          name: '',
          fbUserID: '',
          firstName: '',
          lastName: '',
          gender: '',
          email: '',
          phone: '',
          countryCode: '+',
          countryName: '',
        },
      },
      id_info: { ...id_info, entered: 'true' },
      images: photos.map((_, i) => ({ image_type_id: i === 1 ? 1 : 0, image: '', file_name: `${i}.jpg` })),
      server_information: reply,
    })
    const pieces = storedZip([
      ['info.json', Buffer.from(info)],
      ...photos.map((photo, i) => [`${i}.jpg`, photo]),
    ])
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
    const response = await fetch(reply.upload_url, {
      method: 'PUT',
      body,
      duplex: 'half',
      redirect: 'error',
      headers: { 'content-type': 'application/zip', 'content-length': String(length) },
    })
    await response.arrayBuffer() // what is not read keeps its connection busy
    if (!response.ok) throw new Error(`streamed: ${response.status}`)
  }
}

/** The pieces of a zip of stored files, large ones cut. */
function storedZip(files) {
  const pieces = []
  const central = []
  let at = 0
  for (const [name, bytes] of files) {
    const local = Buffer.alloc(30 + name.length)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(0x21, 12)
    local.writeUInt32LE(crc32(bytes), 14)
    local.writeUInt32LE(bytes.length, 18)
    local.writeUInt32LE(bytes.length, 22)
    local.writeUInt16LE(name.length, 26)
    local.write(name, 30)
    const entry = Buffer.alloc(46 + name.length)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    local.copy(entry, 6, 4, 30)
    entry.writeUInt32LE(at, 42)
    entry.write(name, 46)
    central.push(entry)
    pieces.push(local)
    for (let from = 0; from < bytes.length; from += PIECE) pieces.push(bytes.subarray(from, from + PIECE))
    at += local.length + bytes.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(
    central.reduce((sum, entry) => sum + entry.length, 0),
    12,
  )
  end.writeUInt32LE(at, 16)
  return [...pieces, Buffer.concat([...central, end])]
}
