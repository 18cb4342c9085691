/** `smileid verify-id`: looks an ID up, or compares it with names. */
import {
  type IdJob,
  verifyId as lookUpId,
  submitBasicKyc,
  submitId,
  verifyBasicKyc,
} from '../../id-verification.ts'
import { getServices } from '../../services.ts'
import { command } from '../command.ts'
import type { Flags } from '../flags.ts'
import { ID_FLAGS, JOB_FLAGS } from '../job-flags.ts'
import { addNewIds, printingNewIds, readJob, withFlagNames } from '../job-input.ts'
import { nextCommand } from '../next-command.ts'
import { checkOutput, OUTPUT_FLAGS, printReply, printSubmitted } from '../print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from '../settings.ts'

const FLAGS = {
  ...ID_FLAGS,
  basic: {
    kind: 'switch',
    help: 'Basic KYC: compare names and dates, tell no more than how well they match',
  },
  check: {
    kind: 'switch',
    help: 'check against the services document first: ID type, needed fields, format of the number',
  },
  ...JOB_FLAGS,
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const satisfies Flags

export const verifyId = command({
  summary: "Look a person's ID up (Enhanced KYC), or compare it with names (--basic)",
  operands: ['[FILE]'],
  flags: FLAGS,
  details: [
    'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard ' +
      'input; flags win over it.',
    'Approved says that the ID exists, not whose it is: that is what --basic or a job with a selfie is ' +
      'for. Each call can be billed.',
  ],
  examples: [
    'verify-id --country NG --id-type BVN --id-number 00000000000',
    'verify-id job.json --basic --json',
    'verify-id job.json --later --callback-url https://example.com/callback',
  ],
  async run({ values, positionals: [file], io, signal }) {
    checkOutput(values)
    const client = await openBillingClient(values, io)
    const input = await readJob({ file, values, infoFlags: ID_FLAGS, io, signal })
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
