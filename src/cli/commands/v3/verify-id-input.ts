/** The input of an Enhanced KYC of v3, from a JSON file, standard input and flags. */
import { SmileIdInputError } from '../../../errors/classes.ts'
import { isInputError, issue, throwIfAny, wrongType } from '../../../errors/issues.ts'
import { parseObject } from '../../../input/json.ts'
import type { Flags } from '../../flags.ts'
import type { Io } from '../../io.ts'
import { isObject, readInput } from '../../job-input.ts'

/** What v3 asks for beside what v1 does, and v1 does not know. */
export const PERSON_FLAGS = {
  email: { kind: 'text', only: 'v3', value: 'ADDRESS', help: 'of the person; this or --phone-number' },
  operator: { kind: 'text', only: 'v3', value: 'NAME', help: 'for ID types that ask for it' },
  'agreed-at': {
    kind: 'text',
    only: 'v3',
    value: 'TIME',
    help: 'when the person agreed to the notice, in ISO 8601 with its zone',
  },
  'notice-url': { kind: 'text', only: 'v3', value: 'URL', help: 'the notice that was agreed to, by https' },
  'notice-language': {
    kind: 'text',
    only: 'v3',
    value: 'XX',
    help: 'of the notice, two letters, such as EN',
  },
} as const satisfies Flags

/** Where the values of flags stand in the input. */
const PATHS: Readonly<Record<string, string>> = {
  country: 'country',
  'id-type': 'id_type',
  'id-number': 'id_number',
  'bank-code': 'bank_code',
  operator: 'operator',
  'user-id': 'user_id',
  'first-name': 'user_details.given_names',
  'last-name': 'user_details.last_name',
  email: 'user_details.email',
  'phone-number': 'user_details.phone_number',
  'agreed-at': 'consent.granted_at',
  'notice-url': 'consent.notice_privacy_policy_url',
  'notice-language': 'consent.notice_language',
}

export interface ReadKycOptions {
  /** None when the input is in flags alone. */
  file: string | undefined
  values: Readonly<Record<string, unknown>>
  io: Io
  signal: AbortSignal
}

/**
 * Reads the input of a file, and puts the values of flags in. What is in it is checked by the function that
 * sends it.
 *
 * @throws {SmileIdInputError} `invalid_input`: the file cannot be read, or holds no such input.
 */
export async function readKyc({
  file,
  values,
  io,
  signal,
}: ReadKycOptions): Promise<Record<string, unknown>> {
  const parsed = file === undefined ? {} : parseObject(await readInput(file, io, signal))
  if (!parsed) {
    const form = '{ "country": …, "id_type": …, "id_number": …, "user_details": …, "consent": … }'
    throw new SmileIdInputError([issue('FILE', 'wrong_format', `must be a JSON object: ${form}`)])
  }
  const groups = ['id_info', 'partner_params', 'user_details', 'consent'] as const
  const notObjects = groups.filter((name) => parsed[name] !== undefined && !isObject(parsed[name]))
  throwIfAny(notObjects.map((name) => wrongType(name, 'must be an object')))
  return withFlagValues(parsed.id_info === undefined ? parsed : await fromV1(parsed), values)
}

/** The input that v3 takes for one of v1. */
async function fromV1(parsed: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { enhancedKycFrom } = await import('../../../v3/migrate.ts')
  type Arguments = Parameters<typeof enhancedKycFrom>
  const old = { partner_params: parsed.partner_params ?? {}, id_info: parsed.id_info }
  const { consent, callback_url } = parsed
  return { ...enhancedKycFrom(old as Arguments[0], { consent, callback_url } as Arguments[1]) }
}

function withFlagValues(
  parsed: Record<string, unknown>,
  values: ReadKycOptions['values'],
): Record<string, unknown> {
  const input = { ...parsed, user_details: copyOf(parsed.user_details), consent: copyOf(parsed.consent) }
  // Whoever says when it was says that it was.
  if (values['agreed-at'] !== undefined) input.consent.granted = true
  for (const [flag, path] of Object.entries(PATHS)) {
    if (values[flag] === undefined) continue
    const [group, member = ''] = path.split('.')
    if (group === 'user_details' || group === 'consent') input[group][member] = values[flag]
    else Object.assign(input, { [path]: values[flag] })
  }
  return input
}

function copyOf(group: unknown): Record<string, unknown> {
  return isObject(group) ? { ...group } : {}
}

/**
 * Names the issues of an input by the flags that mend them, too: `--email (user_details.email)`.
 *
 * @throws {SmileIdInputError} `invalid_input`: the issues of `work`, so named.
 */
export async function withKycFlagNames<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isInputError(error)) throw error
    throw new SmileIdInputError(
      error.issues.map((found) => {
        const flag = flagOf(found.path)
        return flag === undefined ? found : { ...found, path: `--${flag} (${found.path})` }
      }),
    )
  }
}

function flagOf(path: string): string | undefined {
  // Consent is given by saying when it was.
  if (path === 'consent.granted') return 'agreed-at'
  const found = Object.entries(PATHS).find(([, known]) => known === path)
  return found?.[0]
}
