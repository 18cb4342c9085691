/** What browsers may ask. */

/** Of these, neither `User-ID` nor `SmileID-Idempotency-Key` is one. */
const ALLOWED_HEADERS = [
  'Content-Type',
  'SmileID-Partner-ID',
  'SmileID-Request-Signature',
  'SmileID-Request-Timestamp',
  'SmileID-Timestamp',
  'SmileID-Token',
  'SmileID-Request-Mac',
  'SmileID-Source-SDK',
  'SmileID-Source-SDK-Version',
]

/** The answer to a browser that asks first. */
export function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': ALLOWED_HEADERS.join(', '),
    },
  })
}
