/** A lookup's input, from a JSON file, standard input and flags. */
import { readFile } from 'node:fs/promises'
import { inputError } from '../internal/input-error.ts'
import { parseObject } from '../internal/json.ts'
import type { Flags, Given } from './args.ts'
import type { Io } from './io.ts'

export const JOB_FLAGS = {
  'user-id': { kind: 'text', value: 'ID', help: 'partner_params.user_id (default: a new one, which is printed)' },
  'job-id': { kind: 'text', value: 'ID', help: 'partner_params.job_id (default: a new one, which is printed); the service takes each once' },
  later: { kind: 'switch', help: 'do not wait for the result: it goes to the callback URL, and to smileid wait' },
} as const satisfies Flags

/** A file whole, `-` is standard input. */
export async function readInput(name: string, io: Io, stop: AbortSignal): Promise<string> {
  if (name === '-') return io.input(stop)
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    throw inputError([{ path: 'FILE', code: 'wrong_format', message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})` }])
  }
}

/** The wire's input with what flags say put in, and the ids that were made up here. */
export async function readJob(file: string | undefined, given: Given<typeof JOB_FLAGS>, fields: Readonly<Record<string, string | undefined>>, io: Io, stop: AbortSignal) {
  const job = file === undefined ? {} : parseObject(await readInput(file, io, stop))
  if (!job) throw inputError([{ path: 'FILE', code: 'wrong_format', message: 'must be a JSON object: { "partner_params": …, "id_info": … }' }])
  const { partner_params, id_info, ...rest } = job as { partner_params?: Record<string, unknown>; id_info?: Record<string, unknown> }
  const ids = { user_id: given['user-id'] ?? partner_params?.user_id, job_id: given['job-id'] ?? partner_params?.job_id }
  const made = Object.fromEntries(Object.entries(ids).filter(([, id]) => id === undefined).map(([name]) => [name, `cli-${crypto.randomUUID()}`]))
  return {
    made: made as Record<string, string>,
    job: {
      ...rest,
      partner_params: { ...partner_params, ...ids, ...made },
      id_info: { ...id_info, ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => [name.replaceAll('-', '_'), value])) },
    },
  }
}
