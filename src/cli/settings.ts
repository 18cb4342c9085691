/** Who calls which environment: from flags, the environment and `.env`, in this order. */
import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import {
  type Client,
  type ClientOptions,
  clientOptionsFromEnv,
  createClient,
  type Environment,
} from '../client.ts'
import { inputError, isInputError, issue } from '../errors/issues.ts'
import { ORIGINS } from '../wire/endpoints.ts'
import type { Flags, Given } from './args.ts'
import type { Io } from './io.ts'

/** The key has no flag: all users of a machine see command lines, and shells keep them. */
export const CLIENT_FLAGS = {
  env: {
    kind: ['sandbox', 'production'],
    value: 'NAME',
    help: 'sandbox or production; as SMILE_ID_ENVIRONMENT',
  },
  'partner-id': { kind: 'text', value: 'ID', help: 'with its leading zeros; as SMILE_ID_PARTNER_ID' },
  'base-url': {
    kind: 'text',
    value: 'URL',
    help: "another root than the environment's, such as an emulator's; as SMILE_ID_BASE_URL",
  },
  timeout: { kind: 'duration', value: 'TIME', help: 'per attempt (default 30s)' },
} as const satisfies Flags

export const CALLBACK_FLAG = {
  'callback-url': { kind: 'text', value: 'URL', help: 'where results go; as SMILE_ID_CALLBACK_URL' },
} as const satisfies Flags

export const YES_FLAG = {
  yes: { kind: 'switch', help: 'really call production, where calls are billed' },
} as const satisfies Flags

type ClientFlags = Given<typeof CLIENT_FLAGS & typeof CALLBACK_FLAG>
export type Settings = Readonly<Record<string, string | undefined>>

const NAMES = {
  PARTNER_ID: 'partner-id',
  API_KEY: undefined,
  PREVIOUS_API_KEY: undefined,
  ENVIRONMENT: 'env',
  BASE_URL: 'base-url',
  CALLBACK_URL: 'callback-url',
} as const

/** The variables SMILE_ID_…, flags put in. */
export async function readSettings(given: ClientFlags, io: Io): Promise<Settings> {
  const file = await readDotenv()
  const settings: Record<string, string | undefined> = {}
  for (const [name, flag] of Object.entries(NAMES)) {
    const variable = `SMILE_ID_${name}`
    // An empty variable is one that was not set, as in most shells' scripts.
    settings[variable] = (flag && given[flag]) || io.env[variable] || file[variable] || undefined
  }
  settings.SMILE_ID_ENVIRONMENT ??= environmentOf(settings.SMILE_ID_BASE_URL)
  return settings
}

/** The environment that an address names by itself. */
function environmentOf(baseUrl: string | undefined): Environment | undefined {
  const host = URL.canParse(baseUrl ?? '') ? new URL(baseUrl!).hostname.replace(/\.$/, '') : undefined
  return (Object.keys(ORIGINS) as Environment[]).find((name) => new URL(ORIGINS[name]).hostname === host)
}

async function readDotenv(): Promise<Record<string, string | undefined>> {
  try {
    return parseEnv((await readFile('.env', 'utf8')).replace(/^\ufeff/, ''))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return {}
    throw inputError([issue('.env', 'wrong_format', `cannot be read (${code ?? 'unknown reason'})`)])
  }
}

/** As the user writes what `createClient` and `clientOptionsFromEnv` name in their own words. */
const WRITTEN: Readonly<Record<string, string>> = {
  partnerId: 'SMILE_ID_PARTNER_ID',
  apiKey: 'SMILE_ID_API_KEY',
  environment: 'SMILE_ID_ENVIRONMENT',
  baseUrl: 'SMILE_ID_BASE_URL',
  callbackUrl: 'SMILE_ID_CALLBACK_URL',
}

export function clientOf(
  settings: Settings,
  { timeout: timeoutMs }: ClientFlags,
  { fetch }: Io,
  more: Partial<ClientOptions> = {},
): Client {
  try {
    return createClient({ ...clientOptionsFromEnv(settings), fetch, timeoutMs, ...more })
  } catch (error) {
    if (!isInputError(error)) throw error
    throw inputError(
      error.issues.map((issue) => {
        const path = WRITTEN[issue.path] ?? issue.path
        const flag = NAMES[path.replace('SMILE_ID_', '') as keyof typeof NAMES]
        return { ...issue, path: flag ? `--${flag} (${path})` : path }
      }),
    )
  }
}

export const openClient = async (
  given: ClientFlags,
  io: Io,
  more?: Partial<ClientOptions>,
): Promise<Client> => clientOf(await readSettings(given, io), given, io, more)

/** As {@link openClient}, for what is billed or uses something up: in production only with --yes. */
export async function openBillingClient(
  given: ClientFlags & { yes?: boolean },
  io: Io,
  more?: Partial<ClientOptions>,
): Promise<Client> {
  const client = await openClient(given, io, more)
  if (client.environment === 'production' && !given.yes) {
    throw inputError([
      issue(
        '--yes',
        'missing',
        `is missing: ${new URL(client.baseUrl).host} is production, where calls are billed`,
      ),
    ])
  }
  return client
}
