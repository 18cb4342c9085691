/**
 * node v3-server.mjs <ms>: the least of a v3 service, which takes so long over each request: tokens, enhanced
 * KYC, and one job that has ended by the time it was asked for 60 times. `/counts` tells how many came, and
 * begins anew. Ends with its stdin.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'

/** The last one sees the end. */
const POLLS = 60
const JOB = { job_id: 'job_00000000000000000000000000', user_id: 'user' }

const ms = Number(process.argv[2])
const counts = { tokens: 0, submissions: 0, polls: 0 }

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const [status, body] = answer(request)
    const reply = () =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    setTimeout(reply, ms)
  })
})

function answer({ url, headers }) {
  if (url === '/counts') {
    const counted = { ...counts }
    for (const name of Object.keys(counts)) counts[name] = 0
    return [200, counted]
  }
  const created_at = new Date().toISOString()
  if (url === '/v3/token') {
    counts.tokens++
    return [200, { token: jwt() }]
  }
  if (!headers['smileid-token']) return [401, { status: 'Unauthorized', message: 'no token' }]
  if (url === '/v3/enhanced_kyc') {
    counts.submissions++
    return [202, { status: 'accepted', message: 'queued', ...JOB, created_at }]
  }
  counts.polls++
  const hasEnded = counts.polls >= POLLS
  const status = hasEnded ? 'clear' : 'processing'
  return [hasEnded ? 200 : 202, { status, ...JOB, message: 'text', created_at }]
}

/** Lives as long as the real ones; nobody looks at its signature. */
function jwt() {
  const iat = Math.floor(Date.now() / 1000)
  const claims = { partner_id: '85', iat, exp: iat + 900, jti: counts.tokens }
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}.${encode('signature')}`
}

server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(`http://127.0.0.1:${server.address().port}`)
process.stdin.resume().on('end', () => process.exit())
