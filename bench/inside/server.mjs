/**
 * node server.mjs [ms …]: answers backfill_users, id_verification, image jobs and v3: reads bodies whole and
 * keeps their heads alone, so that the caller is what is measured. Of each time given there is a port that
 * takes it over every request; one without any. Ends with its stdin.
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { credentials } from './photo.mjs'

const HEAD = 2048
const PERSON = {
  FullName: 'DOE LEO JOE',
  DOB: '2000-09-20',
  Gender: 'Male',
  PhoneNumber: '0123456789',
  PhoneNumber2: 'Not Available',
  ExpirationDate: '2030-02-13',
  Address: '1 Example Street',
  Photo: 'Not Available',
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Of an hour; nobody checks its signature. */
const TOKEN = [
  encode({ alg: 'HS256', typ: 'JWT' }),
  encode({ partner_id: '85', exp: Math.floor(Date.now() / 1000) + 3600 }),
  encode('signature'),
].join('.')

function serve(ms) {
  const server = createServer((request, response) => {
    let head = ''
    let length = 0
    request.on('data', (piece) => {
      length += piece.length
      if (head.length < HEAD) head += piece.toString('latin1', 0, HEAD)
    })
    request.on('end', () => {
      const { status, body } = answer(request, head, length)
      const text = body ? JSON.stringify(body) : ''
      const reply = () =>
        response
          .writeHead(status, {
            // S3 names none.
            ...(body && { 'content-type': 'application/json' }),
            'content-length': Buffer.byteLength(text),
          })
          .end(text)
      if (ms) setTimeout(reply, ms)
      else reply()
    })
  })
  // Left to clients: on a busy machine, it would end connections just as they are used again.
  server.keepAliveTimeout = 0
  return server.listen(0, '127.0.0.1')
}

const urlOf = (port) => `http://127.0.0.1:${port}`

function answer({ url, method, headers, socket }, head, length) {
  if (url.startsWith('/v3/')) return answerV3(url, headers, length)
  if (url === '/v1/upload') {
    return {
      status: 200,
      body: {
        upload_url: `${urlOf(socket.localPort)}/store/attachments.zip`,
        ref_id: '085-0000000001-x',
        smile_job_id: '0000000001',
        camera_config: 'null',
        code: '2202',
      },
    }
  }
  if (method === 'PUT') {
    const whole =
      head.startsWith('PK') &&
      length === Number(headers['content-length']) &&
      headers['content-type'] === 'application/zip'
    return { status: whole ? 200 : 400 }
  }
  const sent = (name) => new RegExp(`"${name}":"([^"]*)"`).exec(head)?.[1]
  const [partnerId, user_id, stamp] = [sent('partner_id'), sent('user_id'), sent('timestamp')]
  if (!partnerId || !user_id || !stamp) return { status: 400 }
  const timestamp = new Date().toISOString()
  const signature = createHmac('sha256', credentials.apiKey)
    .update(`${timestamp}${partnerId}sid_request`)
    .digest('base64')
  const result =
    url === '/v1/id_verification'
      ? {
          ResultCode: '1012',
          ResultText: 'ID Number Validated',
          ResultType: 'ID Verification',
          IsFinalResult: 'true',
          Source: 'ID API',
          ...PERSON,
          Actions: { Verify_ID_Number: 'Verified', Return_Personal_Info: 'Returned' },
          Country: 'NG',
          IDType: 'BVN',
          IDNumber: '00000000000',
          PartnerParams: { user_id, job_id: sent('job_id'), job_type: 5 },
        }
      : {
          ResultCode: '0840',
          ResultText: 'Enroll User',
          PartnerParams: { user_id, job_id: `job of ${user_id}`, job_type: 'image_enrollment' },
        }
  return {
    status: 200,
    body: { JSONVersion: '1.0.0', SmileJobID: '0000000001', ...result, timestamp, signature },
  }
}

/** What is no form of the length that was said, is refused. */
function answerV3(url, headers, length) {
  if (url === '/v3/token') return { status: 200, body: { token: TOKEN } }
  const isForm = headers['content-type']?.startsWith('multipart/form-data; boundary=')
  const isWhole = length === Number(headers['content-length'] ?? length)
  if (!isForm || !isWhole || headers['smileid-token'] !== TOKEN) return { status: 400 }
  const created_at = new Date().toISOString()
  const ids = { job_id: `job_${'0'.repeat(26)}`, user_id: 'user-1' }
  return { status: 202, body: { status: 'accepted', message: 'queued', ...ids, created_at } }
}

const times = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [0]
const servers = times.map(serve)
await Promise.all(servers.map((server) => once(server, 'listening')))
console.log(servers.map((server) => urlOf(server.address().port)).join(' '))
process.stdin.resume().on('end', () => process.exit())
