/** Flags about a job: the person, the ids, and whether to wait for the result. */
import type { Flags } from './flags.ts'
import { PROGRAM } from './program.ts'

/** Members of `id_info` about a person. */
export const ID_FLAGS = {
  country: { kind: 'text', value: 'CC', help: 'two capital letters, such as NG' },
  'id-type': { kind: 'text', value: 'TYPE', help: `such as BVN; ${PROGRAM} services COUNTRY lists them` },
  'id-number': {
    kind: 'text',
    value: 'NUMBER',
    help: 'of a real person: in FILE, since shells keep what is typed',
  },
  'first-name': { kind: 'text', value: 'NAME', help: 'given name' },
  'middle-name': { kind: 'text', value: 'NAME', help: 'other names' },
  'last-name': { kind: 'text', value: 'NAME', help: 'family name' },
  dob: { kind: 'text', value: 'YYYY-MM-DD', help: 'date of birth' },
  gender: { kind: ['M', 'F'], value: 'M|F', help: 'as in the register' },
  'phone-number': { kind: 'text', value: 'NUMBER', help: 'for ID types that ask for it' },
  'bank-code': { kind: 'text', value: 'CODE', help: 'for bank accounts; the services document lists them' },
} as const satisfies Flags

/** The ids in `partner_params`. */
export const REF_FLAGS = {
  'user-id': {
    kind: 'text',
    value: 'ID',
    help: 'partner_params.user_id (default: a new one, which is printed)',
  },
  'job-id': {
    kind: 'text',
    value: 'ID',
    help: 'partner_params.job_id (default: a new one, which is printed); the service takes each once',
  },
} as const satisfies Flags

export const JOB_FLAGS = {
  ...REF_FLAGS,
  later: {
    kind: 'switch',
    help: `do not wait for the result: it goes to the callback URL, and to ${PROGRAM} wait`,
  },
} as const satisfies Flags
