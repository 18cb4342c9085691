/** Answers backfill_users and image jobs: reads bodies whole and keeps their heads alone, so that the caller is what is measured. Ends with its stdin. */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { credentials } from './photo.mjs'

const HEAD = 2048

const server = createServer((request, response) => {
  let head = ''
  let length = 0
  request.on('data', (piece) => {
    length += piece.length
    if (head.length < HEAD) head += piece.toString('latin1', 0, HEAD)
  })
  request.on('end', () => {
    const json = (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/v1/upload') {
      return json({ upload_url: `http://127.0.0.1:${server.address().port}/store/attachments.zip`, ref_id: '085-0000000001-x', smile_job_id: '0000000001', camera_config: 'null', code: '2202' })
    }
    if (request.method === 'PUT') {
      const whole = head.startsWith('PK') && length === Number(request.headers['content-length']) && request.headers['content-type'] === 'application/zip'
      return response.writeHead(whole ? 200 : 400, { 'content-length': 0 }).end() // as S3 has it
    }
    const sent = (name) => new RegExp(`"${name}":"([^"]*)"`).exec(head)?.[1]
    const [partnerId, user_id, stamp] = [sent('partner_id'), sent('user_id'), sent('timestamp')]
    if (!partnerId || !user_id || !stamp) return response.writeHead(400).end()
    const timestamp = new Date().toISOString()
    const signature = createHmac('sha256', credentials.apiKey).update(`${timestamp}${partnerId}sid_request`).digest('base64')
    json({
      ResultCode: '0840', ResultText: 'Enroll User', SmileJobID: '0000000001',
      PartnerParams: { user_id, job_id: `job of ${user_id}`, job_type: 'image_enrollment' }, timestamp, signature,
    })
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
process.stdin.resume().on('end', () => process.exit())
