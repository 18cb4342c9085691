import { type BusinessJob, submitBusiness, verifyBusiness as lookUp } from '../id-verification.ts'
import { command } from './command.ts'
import { lines } from './io.ts'
import { JOB_FLAGS, readJob } from './job-input.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from './print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from './settings.ts'

const FIELDS = {
  country: { kind: 'text', value: 'CC', help: 'two capital letters, such as NG' },
  'id-type': { kind: 'text', value: 'TYPE', help: 'BASIC_BUSINESS_REGISTRATION, BUSINESS_REGISTRATION or TAX_INFORMATION' },
  'id-number': { kind: 'text', value: 'NUMBER', help: 'as registered' },
  'business-type': { kind: ['bn', 'co', 'it'], value: 'TYPE', help: 'in Nigeria: bn (business name), co (company) or it (incorporated trustees)' },
  'postal-address': { kind: 'text', value: 'TEXT', help: 'in Kenya' },
  'postal-code': { kind: 'text', value: 'CODE', help: 'in Kenya' },
} as const

export const verifyBusiness = command({
  summary: 'Look a business up in its register',
  operands: ['[FILE]'],
  flags: { ...FIELDS, ...JOB_FLAGS, ...OUTPUT_FLAGS, ...YES_FLAG, ...CLIENT_FLAGS, ...CALLBACK_FLAG },
  details: 'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard input; flags win over it. Each call can be billed.',
  examples: ['verify-business --country NG --id-type BUSINESS_REGISTRATION --id-number 0000000 --business-type co', 'verify-business business.json --json --full'],
  async run({ given, words: [file], io, stop }) {
    checkOutput(given)
    const client = await openBillingClient(given, io)
    const { made, job } = await readJob(file, given, Object.fromEntries(Object.keys(FIELDS).map((name) => [name, given[name as 'country']])), io, stop)
    // What is in the file is checked by the function that sends it.
    const input = job as unknown as BusinessJob
    if (!given.later) return printReply(io, await lookUp(client, input, { signal: stop }), given, made)
    const { success, ...ids } = await submitBusiness(client, input, { signal: stop })
    io.out(given.json ? JSON.stringify({ success, ...ids }) : lines({ submitted: 'the result comes later', ...made }))
    return 'done'
  },
})
