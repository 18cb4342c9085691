import { dirname } from 'node:path'
import { isSmileIdError } from '../../errors.ts'
import { type ImageJob, type SubmittedImageJob, submitImageJob } from '../../image-jobs.ts'
import { inputError, issue } from '../../errors/issues.ts'
import { type Call, command } from '../command.ts'
import { lines } from '../io.ts'
import { asTyped, ID_FLAGS, type JobInput, readJob, REF_FLAGS, withIds } from '../job-input.ts'
import { nextCommand } from '../next.ts'
import { checkOutput, exitOf, OUTPUT_FLAGS, printError } from '../print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from '../settings.ts'
import { IMAGE_FLAGS, imagesAsTyped, imagesOf } from './submit/images.ts'
import { createUploadLine } from './submit/progress.ts'
import { brokenOff } from './submit/trouble.ts'
import { WAIT_FLAGS, waitFor } from './wait.ts'
import { JOB_TYPE, imageJobs } from '../../wire/jobs.ts'

/** As they are typed. */
const TYPES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(JOB_TYPE)
    .filter(([, type]) => imageJobs()[type])
    .map(([name, type]) => [name.toLowerCase().replaceAll('_', '-'), type]),
)

const SWITCHES = {
  'use-enrolled-image': { kind: 'switch', help: 'compare a document with the selfie on file of --user-id' },
  'allow-new-enroll': { kind: 'switch', help: 'let a user_id that is enrolled be enrolled again' },
  retry: {
    kind: 'switch',
    help: 'send the images of a job of your own that was left without (its status says so); one that has run would run again',
  },
} as const

const FLAGS = {
  'job-type': {
    kind: [...Object.keys(TYPES), ...Object.values(TYPES).map(String)],
    value: 'TYPE',
    help: 'what to do, by name or number: see above',
  },
  ...IMAGE_FLAGS,
  ...ID_FLAGS,
  ...REF_FLAGS,
  ...SWITCHES,
  wait: { kind: 'switch', help: 'wait for the result, and print it as smileid wait does' },
  ...WAIT_FLAGS,
  'upload-timeout': {
    kind: 'duration',
    value: 'TIME',
    help: 'per attempt to upload the images (default 2m)',
  },
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const

export const submit = command({
  summary: 'Submit a job with images: biometric KYC, SmartSelfie, document verification',
  operands: ['[FILE]'],
  flags: FLAGS,
  details: `FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": …, "images": { "selfie": "selfie.jpg", "liveness": [], "front": …, "back": … } }, or - for
standard input; flags win over it. Its images are files of its own folder; those of flags may lie anywhere. All are checked before the job is opened.

Job types: ${Object.entries(TYPES)
    .map(([name, type]) => `${name} (${type})`)
    .join(', ')}.
Authentication, update-photo and --use-enrolled-image are about a user who is enrolled, and need --user-id; --retry needs --job-id, too.

Without --wait, it ends once the images are uploaded, with exit code 0; the result goes to the callback URL, if there is one, and to smileid wait. When an upload
breaks off, it says what to type next. Each job can be billed.`,
  examples: [
    'submit --job-type document-verification --country GH --selfie selfie.jpg --front front.jpg --wait',
    'submit --job-type biometric-kyc job.json --selfie selfie.jpg --json',
    'submit --job-type smart-selfie-authentication --user-id user-1 --selfie selfie.jpg --liveness 1.jpg --liveness 2.jpg --wait --max-wait 10m',
    'submit job.json --job-id job-1 --retry',
  ],
  async run({ given, words: [file], io, stop }) {
    checkOutput(given)
    checkWait(given)
    let calls = 0
    const client = await openBillingClient(given, io, { hooks: { onRequest: () => void calls++ } })
    const { job, made, listed } = await readImageJob(file, { given, io, stop })
    const line = createUploadLine(io)
    // What is in the file is checked by the function that sends it; and the ids are there to ask with, so
    // that no result is lost.
    const sending = submitImageJob(client, job as unknown as ImageJob, {
      signal: stop,
      willWait: true,
      uploadTimeoutMs: given['upload-timeout'],
      onProgress: line.show,
    }).finally(line.end)
    let submitted: SubmittedImageJob
    try {
      submitted = await imagesAsTyped(asTyped(sending, FLAGS), given, listed)
    } catch (error) {
      if (calls === 0) throw error
      return brokenOff(error, job.partner_params as never, { given, made, io, stop })
    }
    const { success, smile_job_id, ...ids } = submitted
    const next = nextCommand('wait', ids, given)
    if (!given.wait) {
      io.out(
        given.json
          ? JSON.stringify({ success, ...ids, smile_job_id })
          : lines({ submitted: 'the result comes later', ...ids, job: smile_job_id, 'to wait': next }),
      )
      return 'done'
    }
    io.err(`submitted as job ${smile_job_id}; should this end early: ${next}`)
    try {
      return await waitFor(client, ids, { given, io, stop }, made)
    } catch (error) {
      if (!isSmileIdError(error)) throw error
      printError(io, error, given.json, '', ids)
      return exitOf(error)
    }
  },
})

type Given = Call<typeof FLAGS>['given']

/** A flag that would change nothing is a misunderstanding. */
function checkWait(given: Given): void {
  const stray = (['max-wait', 'until', 'full'] as const).filter(
    (name) => given[name] !== undefined && !given.wait,
  )
  if (stray.length)
    throw inputError(stray.map((name) => issue(`--${name}`, 'not_allowed', 'goes with --wait')))
}

async function readImageJob(
  file: string | undefined,
  { given, io, stop }: Pick<Call<typeof FLAGS>, 'given' | 'io' | 'stop'>,
): Promise<{ job: JobInput; made: Record<string, string>; listed: unknown }> {
  const { images: listed, ...job } = (await readJob(file, given, ID_FLAGS, io, stop)) as JobInput
  const type = given['job-type']
  if (type !== undefined) job.partner_params.job_type = TYPES[type] ?? Number(type)
  for (const name of Object.keys(SWITCHES) as (keyof typeof SWITCHES)[])
    if (given[name]) job[name.replaceAll('-', '_')] = true
  const needs = imageJobs()[job.partner_params.job_type as number]
  const enrolled = job.use_enrolled_image === true || (needs && !needs.enrols)
  const known = job.retry === true ? (['user_id', 'job_id'] as const) : enrolled ? (['user_id'] as const) : []
  const { job: whole, made } = withIds(job, known)
  return {
    made,
    listed,
    job: {
      ...whole,
      images: imagesOf(listed, given, file === undefined || file === '-' ? '.' : dirname(file)),
    },
  }
}
