import {
  type IdJob,
  submitBasicKyc,
  submitId,
  verifyBasicKyc,
  verifyId as lookUp,
} from '../../id-verification.ts'
import { getServices } from '../../services.ts'
import { command } from '../command.ts'
import { lines } from '../io.ts'
import { asTyped, ID_FLAGS, JOB_FLAGS, readJob, tellingIds, withIds } from '../job-input.ts'
import { nextCommand } from '../next.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from '../print.ts'
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
} as const

export const verifyId = command({
  summary: "Look a person's ID up (Enhanced KYC), or compare it with names (--basic)",
  operands: ['[FILE]'],
  flags: FLAGS,
  details:
    'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard input; flags win over it.\nApproved says that the ID exists, not whose it is: that is what --basic or a job with a selfie is for. Each call can be billed.',
  examples: [
    'verify-id --country NG --id-type BVN --id-number 00000000000',
    'verify-id job.json --basic --json',
    'verify-id job.json --later --callback-url https://example.com/callback',
  ],
  async run({ given, words: [file], io, stop }) {
    checkOutput(given)
    const client = await openBillingClient(given, io)
    const { made, job } = withIds(await readJob(file, given, ID_FLAGS, io, stop))
    const options = {
      signal: stop,
      services: given.check ? await getServices(client, { signal: stop }) : undefined,
    }
    const input = job as unknown as IdJob
    const told = <T>(sent: Promise<T>): Promise<T> => tellingIds(asTyped(sent, FLAGS), made, io)
    if (!given.later)
      return printReply(
        io,
        await told((given.basic ? verifyBasicKyc : lookUp)(client, input, options)),
        given,
        made,
      )
    const { success, ...ids } = await told((given.basic ? submitBasicKyc : submitId)(client, input, options))
    io.out(
      given.json
        ? JSON.stringify({ success, ...ids })
        : lines({ submitted: 'the result comes later', ...made, 'to wait': nextCommand('wait', ids, given) }),
    )
    return 'done'
  },
})
