/** A job's input, from a JSON file, standard input and flags. */
import { readFile } from 'node:fs/promises'
import type { InputIssue, SmileIdError } from '../errors.ts'
import { inputError, isInputError, issue, throwIfAny, wrongType } from '../errors/issues.ts'
import { parseObject } from '../input/json.ts'
import { members } from '../input/objects.ts'
import type { Flags, Given } from './args.ts'
import { type Io, lines } from './io.ts'
import type { CALLBACK_FLAG } from './settings.ts'

/** Members of `id_info` about a person. */
export const ID_FLAGS = {
  country: { kind: 'text', value: 'CC', help: 'two capital letters, such as NG' },
  'id-type': { kind: 'text', value: 'TYPE', help: 'such as BVN; smileid services COUNTRY lists them' },
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
    help: 'do not wait for the result: it goes to the callback URL, and to smileid wait',
  },
} as const satisfies Flags

/** The wire's input; what is in it is checked by the function that sends it. */
export interface JobInput extends Record<string, unknown> {
  partner_params: Record<string, unknown>
  id_info?: Record<string, unknown>
}

/** A file whole, `-` is standard input. */
export async function readInput(name: string, io: Io, stop: AbortSignal): Promise<string> {
  if (name === '-') return io.input(stop)
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    throw inputError([
      issue(
        'FILE',
        'wrong_format',
        `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      ),
    ])
  }
}

/** The file with what flags say put in; `fields` are those that stand in `id_info`. */
export async function readJob(
  file: string | undefined,
  given: Given<typeof REF_FLAGS & typeof CALLBACK_FLAG>,
  fields: Flags,
  io: Io,
  stop: AbortSignal,
): Promise<JobInput> {
  const job = file === undefined ? {} : parseObject(await readInput(file, io, stop))
  if (!job)
    throw inputError([
      issue('FILE', 'wrong_format', 'must be a JSON object: { "partner_params": …, "id_info": … }'),
    ])
  throwIfAny(
    ['partner_params', 'id_info'].flatMap((path): InputIssue[] =>
      job[path] === undefined || members(job[path]) === job[path]
        ? []
        : [wrongType(path, 'must be an object')],
    ),
  )
  const { partner_params, id_info, callback_url, ...rest } = job as Partial<JobInput>
  const info = { ...id_info, ...asGiven(given, Object.keys(fields)) }
  return {
    ...rest,
    partner_params: { ...partner_params, ...asGiven(given, Object.keys(REF_FLAGS)) },
    ...((id_info || Object.keys(info).length > 0) && { id_info: info }),
    // One that stands nowhere else is the client's.
    ...(callback_url !== undefined && { callback_url: given['callback-url'] ?? callback_url }),
  }
}

/** Of these flags those that were given, by the wire's names. */
const asGiven = (
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> =>
  Object.fromEntries(
    names.filter((name) => given[name] !== undefined).map((name) => [name.replaceAll('-', '_'), given[name]]),
  )

/**
 * With new ids where none were said, which come beside the job; not for the `known` ones, which are of
 * something that is there already.
 */
export function withIds(
  job: JobInput,
  known: readonly ('user_id' | 'job_id')[] = [],
): { job: JobInput; made: Record<string, string> } {
  const lacking = (['user_id', 'job_id'] as const).filter(
    (name) => job.partner_params[name] === undefined && !known.includes(name),
  )
  const made = Object.fromEntries(lacking.map((name) => [name, `cli-${crypto.randomUUID()}`]))
  return { made, job: { ...job, partner_params: { ...job.partner_params, ...made } } }
}

/** Names issues by the flag that mends them, too: `--country (id_info.country)`. */
export async function asTyped<T>(work: Promise<T>, flags: Flags): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isInputError(error)) throw error
    throw inputError(
      error.issues.map((issue) => {
        const name = /^(?:(?:id_info|partner_params)\.)?(\w+)$/.exec(issue.path)?.[1]!.replaceAll('_', '-')
        return name !== undefined && Object.hasOwn(flags, name)
          ? { ...issue, path: `--${name} (${issue.path})` }
          : issue
      }),
    )
  }
}

/**
 * Tells ids that were made up here when the call may have done something: without them, nobody could ask
 * what.
 */
export async function tellingIds<T>(
  work: Promise<T>,
  made: Readonly<Record<string, string>>,
  io: Io,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    // An abort has no outcome.
    const { outcome = 'unknown' } = error as Partial<SmileIdError>
    if (outcome === 'unknown' && Object.keys(made).length) io.err(lines(made))
    throw error
  }
}
