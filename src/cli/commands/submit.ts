/** `smileid submit`: submits a job with images. */
import type { Client } from '../../client.ts'
import { isSmileIdError } from '../../errors.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { issue } from '../../errors/issues.ts'
import { type ImageJob, submitImageJob, type SubmittedImageJob } from '../../image-jobs.ts'
import type { JobRef } from '../../job-status.ts'
import { type Call, command } from '../command.ts'
import type { Exit } from '../exit.ts'
import type { FlagValues } from '../flags.ts'
import { withFlagNames } from '../job-input.ts'
import { nextCommand } from '../next-command.ts'
import { checkOutput, exitForError, printError, printSubmitted } from '../print.ts'
import { PROGRAM } from '../program.ts'
import { openBillingClient } from '../settings.ts'
import { printable } from '../text.ts'
import { reportFailedSubmission } from './submit/failure.ts'
import { JOB_TYPES, SUBMIT_FLAGS } from './submit/flags.ts'
import { imagesWithFlagNames } from './submit/images.ts'
import { readImageJob, type ReadImageJob } from './submit/job.ts'
import { createUploadLine } from './submit/progress.ts'
import { waitForJob } from './wait.ts'

const JOB_TYPE_LIST = Object.entries(JOB_TYPES)
  .map(([name, type]) => `${name} (${type})`)
  .join(', ')

export const submit = command({
  summary: 'Submit a job with images: biometric KYC, SmartSelfie, document verification',
  operands: ['[FILE]'],
  flags: SUBMIT_FLAGS,
  details: [
    'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": …, "images": ' +
      '{ "selfie": "selfie.jpg", "liveness": [], "front": …, "back": … } }, or - for',
    'standard input; flags win over it. Its images are files of its own folder; those of flags may lie ' +
      'anywhere. All are checked before the job is opened.',
    '',
    `Job types: ${JOB_TYPE_LIST}.`,
    'Authentication, update-photo and --use-enrolled-image are about a user who is enrolled, and need ' +
      '--user-id; --retry needs --job-id, too.',
    '',
    'Without --wait, it ends once the images are uploaded, with exit code 0; the result goes to the ' +
      `callback URL, if there is one, and to ${PROGRAM} wait. When an upload`,
    'breaks off, it says what to type next. Each job can be billed.',
  ],
  examples: [
    'submit --job-type document-verification --country GH --selfie selfie.jpg --front front.jpg --wait',
    'submit --job-type biometric-kyc job.json --selfie selfie.jpg --json',
    'submit --job-type smart-selfie-authentication --user-id user-1 --selfie selfie.jpg ' +
      '--liveness 1.jpg --liveness 2.jpg --wait --max-wait 10m',
    'submit job.json --job-id job-1 --retry',
  ],
  async run({ values, positionals: [file], io, signal }) {
    checkOutput(values)
    checkWaitFlags(values)
    let requests = 0
    const client = await openBillingClient(values, io, { hooks: { onRequest: () => void requests++ } })
    const read = await readImageJob({ file, values, io, signal })
    let submitted: SubmittedImageJob
    try {
      submitted = await send(client, read, { values, io, signal })
    } catch (error) {
      if (requests === 0) throw error
      const { job, newIds } = read
      // The service was asked, so both ids are there: the input was found right.
      const ref = job.partner_params as unknown as JobRef
      return reportFailedSubmission(error, ref, { values, newIds, io, signal })
    }
    if (values.wait) return waitForResult(client, submitted, { values, newIds: read.newIds, io, signal })
    const { smile_job_id, user_id, job_id } = submitted
    const next = nextCommand('wait', submitted, values)
    printSubmitted(io, values, { reply: submitted, shown: { user_id, job_id, job: smile_job_id }, next })
    return 'done'
  },
})

type SubmitValues = FlagValues<typeof SUBMIT_FLAGS>
type SubmitCall = Pick<Call<typeof SUBMIT_FLAGS>, 'values' | 'io' | 'signal'>

/**
 * A flag that would change nothing is a misunderstanding.
 *
 * @throws {SmileIdInputError} `invalid_input`: flags about waiting without `--wait`.
 */
function checkWaitFlags(values: SubmitValues): void {
  if (values.wait) return
  const stray = (['max-wait', 'until', 'full'] as const).filter((name) => values[name] !== undefined)
  if (stray.length > 0) {
    throw new SmileIdInputError(stray.map((name) => issue(`--${name}`, 'not_allowed', 'goes with --wait')))
  }
}

async function send(
  client: Client,
  { job, listedImages }: ReadImageJob,
  { values, io, signal }: SubmitCall,
): Promise<SubmittedImageJob> {
  const uploadLine = createUploadLine(io)
  // What is in the job is checked by the function that sends it. `willWait` tells it that no callback is
  // needed: the printed ids are there to ask for the result.
  const sending = submitImageJob(client, job as unknown as ImageJob, {
    signal,
    willWait: true,
    uploadTimeoutMs: values['upload-timeout'],
    onProgress: uploadLine.show,
  })
  const named = withFlagNames(sending.finally(uploadLine.end), SUBMIT_FLAGS)
  return imagesWithFlagNames(named, values, listedImages)
}

async function waitForResult(
  client: Client,
  submitted: SubmittedImageJob,
  { values, newIds, io, signal }: SubmitCall & Pick<ReadImageJob, 'newIds'>,
): Promise<Exit> {
  const { user_id, job_id } = submitted
  const job = { user_id, job_id }
  const next = nextCommand('wait', job, values)
  io.err(printable(`submitted as job ${submitted.smile_job_id}; should this end early: ${next}`))
  try {
    return await waitForJob(client, job, { values, io, signal, more: newIds })
  } catch (error) {
    if (!isSmileIdError(error)) throw error
    printError(io, error, { json: values.json, job })
    return exitForError(error)
  }
}
