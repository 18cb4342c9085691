/** What tests of image jobs begin with. */
import { type Fault, samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { type Sent, startRecording } from '../../support/emulated'

export const wait = { willWait: true }

export const [selfie, front, back, frame] = [1, 2, 3, 4].map((seed) => samplePhoto({ seed })) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
]

export const NUMBER = { country: 'NG', id_type: 'BVN', id_number: '00000000000' }

export const json = ({ bytes }: Sent): Record<string, any> => JSON.parse(new TextDecoder().decode(bytes))

let jobs = 0

export const job = (job_type: number, more: object = {}, params: object = {}): any => ({
  partner_params: { user_id: 'u1', job_id: `image-job-${++jobs}`, job_type, ...params },
  ...more,
})

export const selfieJob = (params: object = {}) => job(4, { images: { selfie } }, params)

export const digest = async (bytes: Uint8Array) =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')

/** How a submission ended: `done`, or the error in short. */
export function endOf(result: any): string {
  if (!isSmileIdError(result)) return result.success ? 'done' : String(result)
  const { code, outcome, retryable, smileJobId } = result as any
  return `${code} ${outcome} ${retryable} ${smileJobId}`
}

/** How a submission ended, how often the job ran, and the `retry` of each call that opened it. */
export async function submitUnder(
  faults: { on: 'upload' | 'upload_zip' | 'job_status'; times?: number; after?: number; fault: Fault }[],
  options: object = {},
  input = selfieJob(),
) {
  const { emulator, client, sent } = startRecording({ faults })
  const result: any = await submitImageJob(client, input, { ...wait, ...options }).catch(
    (error: unknown) => error,
  )
  const retries = sent
    .filter(({ method, url }) => method === 'POST' && url.pathname === '/v1/upload')
    .map((call) => json(call).retry ?? false)
  const runs = emulator.calls.filter(
    ({ operation, committed }) => operation === 'upload_zip' && committed,
  ).length
  return [endOf(result), runs, retries]
}
