/** `smileid token`: makes a token for a browser. */
import { createWebToken } from '../../web-token.ts'
import { command } from '../command.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openClient } from '../settings.ts'
import { printable } from '../text.ts'

export const token = command({
  summary: 'Make a token with which one browser can run one job',
  operands: ['USER_ID', 'JOB_ID', 'PRODUCT'],
  flags: { json: { kind: 'switch', help: 'print JSON, for scripts' }, ...CLIENT_FLAGS, ...CALLBACK_FLAG },
  details: [
    'PRODUCT is such as biometric_kyc or doc_verification. Whoever holds the token can run that job.',
  ],
  examples: ['token user-1 job-1 biometric_kyc --callback-url https://example.com/callback'],
  async run({ values, positionals: [user_id, job_id, product], io, signal }) {
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
