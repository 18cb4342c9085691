/** `smileid token`: makes a token for a browser. */
import { createWebToken } from '../../web-token.ts'
import { command } from '../command.ts'
import { V3_FLAG } from '../generation.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openClient } from '../settings.ts'
import { printable } from '../text.ts'
import { makeTokenOfV3 } from './v3/token.ts'

export const token = command({
  summary: 'Make a token with which one browser can run one job',
  operands: ['USER_ID', 'JOB_ID', 'PRODUCT'],
  v3: { operands: ['[USER_ID]', '[PRODUCT]'] },
  flags: {
    json: { kind: 'switch', help: 'print JSON, for scripts' },
    bind: {
      kind: 'text',
      only: 'v3',
      value: 'FILE',
      help: 'what else nobody shall change: { "payload": …, "partner_params": … }; - is standard input',
    },
    ...V3_FLAG,
    ...CLIENT_FLAGS,
    ...CALLBACK_FLAG,
  },
  details: [
    'PRODUCT is such as biometric_kyc or doc_verification. Whoever holds the token can run that job.',
    'In v3 it is such as smart_selfie_registration or document_verification, and may stand alone. A token ' +
      'without user and product opens all that the key does, for a quarter of an hour.',
  ],
  examples: [
    'token user-1 job-1 biometric_kyc --callback-url https://example.com/callback',
    'token --v3 user-1 smart_selfie_registration --bind payload.json',
  ],
  async run(call) {
    if (call.generation === 'v3') return makeTokenOfV3(call)
    const { values, positionals, io, signal } = call
    const [user_id, job_id, product] = positionals
    const client = await openClient(values, io)
    const webToken = await createWebToken(
      client,
      { user_id: user_id!, job_id: job_id!, product: product! },
      { signal },
    )
    io.out(values.json ? JSON.stringify({ token: webToken.token }) : printable(webToken.token))
    return 'done'
  },
})
