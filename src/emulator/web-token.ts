/** `POST /v1/token`. */
import { refuse, tell } from './answers.ts'
import type { Answer, Call, Service } from './model.ts'

const PRODUCTS = [
  'authentication',
  'smartselfie',
  'basic_kyc',
  'identity_verification',
  'enhanced_kyc',
  'biometric_kyc',
  'ekyc_smartselfie',
  'doc_verification',
  'enhanced_document_verification',
  'e_signature',
]

/** A token with the shape of a JWT; its signature is none. */
export function webToken(service: Service, { partnerId, body }: Call): Answer {
  for (const name of ['user_id', 'job_id', 'product', 'callback_url']) {
    if (typeof body[name] !== 'string' || !body[name]) return refuse('2213', `"${name}" is required`)
  }
  const { user_id, job_id, product, callback_url } = body
  if (!PRODUCTS.includes(product as string)) return refuse('2217', 'Invalid product.')
  const header = { alg: 'none', typ: 'JWT' }
  const claims = {
    partner_id: partnerId,
    partner_params: { user_id, job_id },
    product,
    callback_url,
    iat: Math.floor(service.now() / 1000),
  }
  return tell({ success: true, token: `${jwtPart(header)}.${jwtPart(claims)}.emulated` })
}

function jwtPart(value: object): string {
  return btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
