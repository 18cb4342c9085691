import { createWebToken } from '../../web-token.ts'
import { command } from '../command.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openClient } from '../settings.ts'

export const token = command({
  summary: 'Make a token with which one browser can run one job',
  operands: ['USER_ID', 'JOB_ID', 'PRODUCT'],
  flags: { json: { kind: 'switch', help: 'print JSON, for scripts' }, ...CLIENT_FLAGS, ...CALLBACK_FLAG },
  details: 'PRODUCT is such as biometric_kyc or doc_verification. Whoever holds the token can run that job.',
  examples: ['token user-1 job-1 biometric_kyc --callback-url https://example.com/callback'],
  async run({ given, words: [user_id, job_id, product], io, stop }) {
    const { token } = await createWebToken(
      await openClient(given, io),
      { user_id: user_id!, job_id: job_id!, product: product! },
      { signal: stop },
    )
    io.out(given.json ? JSON.stringify({ token }) : token)
    return 'done'
  },
})
