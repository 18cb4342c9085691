import { type IdJob, submitBasicKyc, submitId, verifyBasicKyc, verifyId as lookUp } from '../id-verification.ts'
import { getServices } from '../services.ts'
import { command } from './command.ts'
import { lines } from './io.ts'
import { JOB_FLAGS, readJob } from './job-input.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from './print.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, openBillingClient, YES_FLAG } from './settings.ts'

const FIELDS = {
  country: { kind: 'text', value: 'CC', help: 'two capital letters, such as NG' },
  'id-type': { kind: 'text', value: 'TYPE', help: 'such as BVN; smileid services COUNTRY lists them' },
  'id-number': { kind: 'text', value: 'NUMBER', help: 'of a real person: in FILE, since shells keep what is typed' },
  'first-name': { kind: 'text', value: 'NAME', help: 'given name' },
  'middle-name': { kind: 'text', value: 'NAME', help: 'other names' },
  'last-name': { kind: 'text', value: 'NAME', help: 'family name' },
  dob: { kind: 'text', value: 'YYYY-MM-DD', help: 'date of birth' },
  gender: { kind: ['M', 'F'], value: 'M|F', help: 'as in the register' },
  'phone-number': { kind: 'text', value: 'NUMBER', help: 'for ID types that ask for it' },
  'bank-code': { kind: 'text', value: 'CODE', help: 'for bank accounts; the services document lists them' },
} as const

export const verifyId = command({
  summary: 'Look a person\'s ID up (Enhanced KYC), or compare it with names (--basic)',
  operands: ['[FILE]'],
  flags: {
    ...FIELDS,
    basic: { kind: 'switch', help: 'Basic KYC: compare names and dates, tell no more than how well they match' },
    check: { kind: 'switch', help: 'check against the services document first: ID type, needed fields, format of the number' },
    ...JOB_FLAGS, ...OUTPUT_FLAGS, ...YES_FLAG, ...CLIENT_FLAGS, ...CALLBACK_FLAG,
  },
  details: 'FILE is a JSON object as the API takes it, { "partner_params": …, "id_info": … }, or - for standard input; flags win over it.\nApproved says that the ID exists, not whose it is: that is what --basic or a job with a selfie is for. Each call can be billed.',
  examples: ['verify-id --country NG --id-type BVN --id-number 00000000000', 'verify-id job.json --basic --json', 'verify-id job.json --later --callback-url https://example.com/callback'],
  async run({ given, words: [file], io, stop }) {
    checkOutput(given)
    const client = await openBillingClient(given, io)
    const { made, job } = await readJob(file, given, Object.fromEntries(Object.keys(FIELDS).map((name) => [name, given[name as 'country']])), io, stop)
    const options = { signal: stop, services: given.check ? await getServices(client, { signal: stop }) : undefined }
    // What is in the file is checked by the function that sends it.
    const input = job as unknown as IdJob
    if (!given.later) return printReply(io, await (given.basic ? verifyBasicKyc : lookUp)(client, input, options), given, made)
    const { success, ...ids } = await (given.basic ? submitBasicKyc : submitId)(client, input, options)
    io.out(given.json ? JSON.stringify({ success, ...ids }) : lines({ submitted: 'the result comes later', ...made }))
    return 'done'
  },
})
