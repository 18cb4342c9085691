import { type BusinessJob, submitBusiness, verifyBusiness as lookUp } from '../../id-verification.ts'
import { command } from '../command.ts'
import { lines } from '../io.ts'
import { asTyped, JOB_FLAGS, readJob, tellingIds, withIds } from '../job-input.ts'
import { nextCommand } from '../next.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from '../print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from '../settings.ts'

const FIELDS = {
  country: { kind: 'text', value: 'CC', help: 'two capital letters, such as NG' },
  'id-type': {
    kind: 'text',
    value: 'TYPE',
    help: 'BASIC_BUSINESS_REGISTRATION, BUSINESS_REGISTRATION or TAX_INFORMATION',
  },
  'id-number': { kind: 'text', value: 'NUMBER', help: 'as registered' },
  'business-type': {
    kind: ['bn', 'co', 'it'],
    value: 'TYPE',
    help: 'in Nigeria: bn (business name), co (company) or it (incorporated trustees)',
  },
  'postal-address': { kind: 'text', value: 'TEXT', help: 'in Kenya' },
  'postal-code': { kind: 'text', value: 'CODE', help: 'in Kenya' },
} as const

const FLAGS = {
  ...FIELDS,
  ...JOB_FLAGS,
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const

export const verifyBusiness = command({
  summary: 'Look a business up in its register',
  operands: ['[FILE]'],
  flags: FLAGS,
  details:
    'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard input; flags win over it. Each call can be billed.',
  examples: [
    'verify-business --country NG --id-type BUSINESS_REGISTRATION --id-number 0000000 --business-type co',
    'verify-business business.json --json --full',
  ],
  async run({ given, words: [file], io, stop }) {
    checkOutput(given)
    const client = await openBillingClient(given, io)
    const { made, job } = withIds(await readJob(file, given, FIELDS, io, stop))
    const input = job as unknown as BusinessJob
    const told = <T>(sent: Promise<T>): Promise<T> => tellingIds(asTyped(sent, FLAGS), made, io)
    if (!given.later) return printReply(io, await told(lookUp(client, input, { signal: stop })), given, made)
    const { success, ...ids } = await told(submitBusiness(client, input, { signal: stop }))
    io.out(
      given.json
        ? JSON.stringify({ success, ...ids })
        : lines({ submitted: 'the result comes later', ...made, 'to wait': nextCommand('wait', ids, given) }),
    )
    return 'done'
  },
})
