/** `smileid verify-business`: looks a business up in its register. */
import { type BusinessJob, verifyBusiness as lookUpBusiness, submitBusiness } from '../../id-verification.ts'
import { command } from '../command.ts'
import type { Flags } from '../flags.ts'
import { JOB_FLAGS } from '../job-flags.ts'
import { addNewIds, printingNewIds, readJob, withFlagNames } from '../job-input.ts'
import { nextCommand } from '../next-command.ts'
import { checkOutput, OUTPUT_FLAGS, printReply, printSubmitted } from '../print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from '../settings.ts'

/** Members of `id_info` about a business. */
const BUSINESS_FLAGS = {
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
} as const satisfies Flags

const FLAGS = {
  ...BUSINESS_FLAGS,
  ...JOB_FLAGS,
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const satisfies Flags

export const verifyBusiness = command({
  summary: 'Look a business up in its register',
  operands: ['[FILE]'],
  flags: FLAGS,
  details: [
    'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard ' +
      'input; flags win over it. Each call can be billed.',
  ],
  examples: [
    'verify-business --country NG --id-type BUSINESS_REGISTRATION --id-number 0000000 --business-type co',
    'verify-business business.json --json --full',
  ],
  async run({ values, positionals: [file], io, signal }) {
    checkOutput(values)
    const client = await openBillingClient(values, io)
    const input = await readJob({ file, values, infoFlags: BUSINESS_FLAGS, io, signal })
    const { job, newIds } = addNewIds(input)
    // What is in it is checked by the function that sends it.
    const business = job as unknown as BusinessJob
    const send = <T>(call: Promise<T>): Promise<T> => printingNewIds(withFlagNames(call, FLAGS), newIds, io)

    if (values.later) {
      const reply = await send(submitBusiness(client, business, { signal }))
      printSubmitted(io, values, { reply, shown: newIds, next: nextCommand('wait', reply, values) })
      return 'done'
    }
    const result = await send(lookUpBusiness(client, business, { signal }))
    return printReply(io, result, values, newIds)
  },
})
