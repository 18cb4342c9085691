/** The input of a job, from a JSON file, standard input and flags. */
import { readFile } from 'node:fs/promises'
import type { SmileIdError } from '../errors.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { isInputError, issue, throwIfAny, wrongType } from '../errors/issues.ts'
import { parseObject } from '../input/json.ts'
import { decodeText } from './decode.ts'
import type { Flags, FlagValues } from './flags.ts'
import type { Io } from './io.ts'
import { REF_FLAGS } from './job-flags.ts'
import type { CALLBACK_FLAG } from './settings.ts'
import { formatPairs } from './text.ts'

/** As the API takes it; the function that sends it checks what is in it. */
export interface JobInput extends Record<string, unknown> {
  partner_params: Record<string, unknown>
  id_info?: Record<string, unknown>
}

/**
 * Reads a whole text file; `-` is standard input.
 *
 * @throws {SmileIdInputError} `invalid_input`: the file cannot be read, or is no UTF-8 text.
 */
export async function readInput(file: string, io: Io, signal: AbortSignal): Promise<string> {
  const bytes = file === '-' ? await io.input(signal) : await readBytes(file)
  return decodeText(bytes, 'FILE')
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SmileIdInputError([
      issue('FILE', 'wrong_format', `cannot be read (${code ?? 'unknown reason'})`),
    ])
  }
}

export interface ReadJobOptions {
  /** None when the job is in flags alone. */
  file: string | undefined
  values: FlagValues<typeof REF_FLAGS & typeof CALLBACK_FLAG>
  /** Flags whose values go into `id_info`. */
  infoFlags: Flags
  io: Io
  signal: AbortSignal
}

/**
 * Reads the job of a file, and puts the values of flags in.
 *
 * @throws {SmileIdInputError} `invalid_input`: the file cannot be read, or holds no job.
 */
export async function readJob({ file, values, infoFlags, io, signal }: ReadJobOptions): Promise<JobInput> {
  const parsed = file === undefined ? {} : parseObject(await readInput(file, io, signal))
  if (!parsed) {
    throw new SmileIdInputError([
      issue('FILE', 'wrong_format', 'must be a JSON object: { "partner_params": …, "id_info": … }'),
    ])
  }
  const notObjects = ['partner_params', 'id_info'].filter(
    (name) => parsed[name] !== undefined && !isObject(parsed[name]),
  )
  throwIfAny(notObjects.map((name) => wrongType(name, 'must be an object')))

  const { partner_params, id_info, callback_url, ...rest } = parsed as Partial<JobInput>
  const job: JobInput = {
    ...rest,
    partner_params: { ...partner_params, ...membersFromFlags(values, REF_FLAGS) },
  }
  const info = { ...id_info, ...membersFromFlags(values, infoFlags) }
  if (id_info || Object.keys(info).length > 0) job.id_info = info
  // Without an address in the file, the client adds the one of its settings.
  if (callback_url !== undefined) job.callback_url = values['callback-url'] ?? callback_url
  return job
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The values of those of `flags` that were given, by the names of the API. */
function membersFromFlags(values: Readonly<Record<string, unknown>>, flags: Flags): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const name of Object.keys(flags)) {
    if (values[name] !== undefined) members[name.replaceAll('-', '_')] = values[name]
  }
  return members
}

export type NewIds = Readonly<Record<string, string>>

/**
 * Adds new ids where the job has none, and returns them beside it. Those in `required` belong to something
 * that exists already, so none are made up for them.
 */
export function addNewIds(
  job: JobInput,
  required: readonly ('user_id' | 'job_id')[] = [],
): { job: JobInput; newIds: NewIds } {
  const newIds: Record<string, string> = {}
  for (const name of ['user_id', 'job_id'] as const) {
    const isMissing = job.partner_params[name] === undefined
    if (isMissing && !required.includes(name)) newIds[name] = `cli-${crypto.randomUUID()}`
  }
  return { newIds, job: { ...job, partner_params: { ...job.partner_params, ...newIds } } }
}

/**
 * Names the issues of an input by the flags that mend them, too: `--country (id_info.country)`.
 *
 * @throws {SmileIdInputError} `invalid_input`: the issues of `work`, so named.
 */
export async function withFlagNames<T>(work: Promise<T>, flags: Flags): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isInputError(error)) throw error
    throw new SmileIdInputError(
      error.issues.map((issue) => {
        const [, member] = /^(?:(?:id_info|partner_params)\.)?(\w+)$/.exec(issue.path) ?? []
        const flag = member?.replaceAll('_', '-')
        if (flag === undefined || !Object.hasOwn(flags, flag)) return issue
        return { ...issue, path: `--${flag} (${issue.path})` }
      }),
    )
  }
}

/** Prints new ids when the call failed and may have done something: only they can tell what became of it. */
export async function printingNewIds<T>(work: Promise<T>, newIds: NewIds, io: Io): Promise<T> {
  try {
    return await work
  } catch (error) {
    // An aborted call has no outcome.
    const { outcome = 'unknown' } = error as Partial<SmileIdError>
    if (outcome === 'unknown' && Object.keys(newIds).length > 0) io.err(formatPairs(newIds))
    throw error
  }
}
