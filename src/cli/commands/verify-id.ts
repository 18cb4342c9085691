/** `smileid verify-id`: looks an ID up, or compares it with names. */
import {
  type IdJob,
  verifyId as lookUpId,
  submitBasicKyc,
  submitId,
  verifyBasicKyc,
} from '../../id-verification.ts'
import { issue, throwIfAny } from '../../errors/issues.ts'
import { getServices } from '../../services.ts'
import { command } from '../command.ts'
import type { Flags } from '../flags.ts'
import { V3_FLAG } from '../generation.ts'
import { ID_FLAGS, JOB_FLAGS } from '../job-flags.ts'
import { addNewIds, type JobInput, printingNewIds, readJob, withFlagNames } from '../job-input.ts'
import { nextCommand } from '../next-command.ts'
import { checkOutput, OUTPUT_FLAGS, printReply, printSubmitted } from '../print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from '../settings.ts'
import { lookUpByV3 } from './v3/verify-id.ts'
import { PERSON_FLAGS } from './v3/verify-id-input.ts'

const FLAGS = {
  ...ID_FLAGS,
  'middle-name': { ...ID_FLAGS['middle-name'], only: 'v1' },
  dob: { ...ID_FLAGS.dob, only: 'v1' },
  gender: { ...ID_FLAGS.gender, only: 'v1' },
  'phone-number': { ...ID_FLAGS['phone-number'], help: 'for ID types that ask for it; of the person in v3' },
  ...PERSON_FLAGS,
  basic: {
    kind: 'switch',
    only: 'v1',
    help: 'Basic KYC: compare names and dates, tell no more than how well they match',
  },
  check: {
    kind: 'switch',
    help: 'check against what the service supports first: ID type, needed fields, format of the number',
  },
  ...JOB_FLAGS,
  'job-id': { ...JOB_FLAGS['job-id'], only: 'v1' },
  ...V3_FLAG,
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const satisfies Flags

export const verifyId = command({
  summary: "Look a person's ID up (Enhanced KYC), or compare it with names (--basic)",
  operands: ['[FILE]'],
  v3: { operands: ['[FILE]'] },
  flags: FLAGS,
  details: [
    'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard ' +
      'input; flags win over it.',
    'Approved says that the ID exists, not whose it is: that is what --basic or a job with a selfie is ' +
      'for. Each call can be billed.',
    'With --v3, FILE is { "country": …, "id_type": …, "id_number": …, "user_details": …, "consent": … }, ' +
      'or that of v1 with a "consent" beside it. The sandbox of v3',
    'knows its published people alone, such as Amina Fatou Clearwater, amina.clearwater@example.com.',
  ],
  examples: [
    'verify-id --country NG --id-type BVN --id-number 00000000000',
    'verify-id job.json --basic --json',
    'verify-id job.json --later --callback-url https://example.com/callback',
    'verify-id kyc.json --v3 --agreed-at 2026-05-04T08:00:00Z',
  ],
  async run(call) {
    if (call.generation === 'v3') return lookUpByV3(call)
    const { values, positionals, io, signal } = call
    const [file] = positionals
    checkOutput(values)
    const client = await openBillingClient(values, io)
    const input = await readJob({ file, values, infoFlags: ID_FLAGS, io, signal })
    refuseInputOfV3(input)
    const { job, newIds } = addNewIds(input)
    // What is in it is checked by the function that sends it.
    const idJob = job as unknown as IdJob
    const services = values.check ? await getServices(client, { signal }) : undefined
    const options = { signal, services }
    const send = <T>(call: Promise<T>): Promise<T> => printingNewIds(withFlagNames(call, FLAGS), newIds, io)

    if (values.later) {
      const submit = values.basic ? submitBasicKyc : submitId
      const reply = await send(submit(client, idJob, options))
      printSubmitted(io, values, { reply, shown: newIds, next: nextCommand('wait', reply, values) })
      return 'done'
    }
    const verify = values.basic ? verifyBasicKyc : lookUpId
    const result = await send(verify(client, idJob, options))
    return printReply(io, result, values, newIds)
  },
})

/** @throws {SmileIdInputError} `invalid_input`: v1 would find most of it missing, and the rest unknown. */
function refuseInputOfV3({ id_info, user_details }: JobInput): void {
  if (id_info || !user_details) return
  throwIfAny([issue('FILE', 'not_allowed', 'is an input of v3: add --v3')])
}
