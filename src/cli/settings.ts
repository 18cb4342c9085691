/** Who calls which environment: from flags, environment variables and `.env`, in this order. */
import {
  type Client,
  type ClientOptions,
  clientOptionsFromEnv,
  createClient,
  type Environment,
  type Hooks,
} from '../client.ts'
import type { InputIssue } from '../errors.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { isInputError, issue, throwIfAny } from '../errors/issues.ts'
import { ORIGINS } from '../wire/endpoints.ts'
import { readDotenv } from './dotenv.ts'
import { rememberingHost } from './failed-host.ts'
import type { Flags, FlagValues } from './flags.ts'
import type { Io } from './io.ts'
import { PROGRAM } from './program.ts'
import { createTargetNamer } from './target.ts'

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

type ClientValues = FlagValues<typeof CLIENT_FLAGS & typeof CALLBACK_FLAG>

/** By the names of the environment variables, `SMILE_ID_…`. */
export type Settings = Readonly<Record<string, string | undefined>>

interface Setting {
  variable: string
  /** What the client calls it. */
  option: keyof ClientOptions | undefined
  /** The flag that wins over the variable. */
  flag: 'partner-id' | 'env' | 'base-url' | 'callback-url' | undefined
  /** Says where the key is used, or what is believed besides: it must not come from whoever made a folder. */
  goesWithKey?: true
}

const SETTINGS: readonly Setting[] = [
  { variable: 'SMILE_ID_PARTNER_ID', option: 'partnerId', flag: 'partner-id' },
  { variable: 'SMILE_ID_API_KEY', option: 'apiKey', flag: undefined },
  { variable: 'SMILE_ID_PREVIOUS_API_KEY', option: undefined, flag: undefined, goesWithKey: true },
  { variable: 'SMILE_ID_ENVIRONMENT', option: 'environment', flag: 'env' },
  { variable: 'SMILE_ID_BASE_URL', option: 'baseUrl', flag: 'base-url', goesWithKey: true },
  { variable: 'SMILE_ID_CALLBACK_URL', option: 'callbackUrl', flag: 'callback-url', goesWithKey: true },
]

/**
 * @throws {SmileIdInputError} `invalid_input`: `.env` cannot be read, or says where a key of the environment
 *   is used.
 */
export async function readSettings(values: ClientValues, io: Io): Promise<Settings> {
  const file = await readDotenv()
  throwIfAny(mixedSources(values, { environment: io.env, file }))
  const settings: Record<string, string | undefined> = {}
  for (const { variable, flag } of SETTINGS) {
    const given = flag && values[flag]
    // An empty variable counts as one that is not set, as in most shell scripts.
    settings[variable] = given || io.env[variable] || file[variable] || undefined
  }
  settings.SMILE_ID_ENVIRONMENT ??= environmentOf(settings.SMILE_ID_BASE_URL)
  return settings
}

/**
 * The partner id and the key alone, for what is done on this machine.
 *
 * @throws {SmileIdInputError} `invalid_input`: `.env` cannot be read.
 */
export async function readCredentials(
  values: Pick<ClientValues, 'partner-id'>,
  { env }: Pick<Io, 'env'>,
): Promise<{ partnerId: string | undefined; apiKey: string | undefined }> {
  const file = await readDotenv()
  const partnerId = values['partner-id'] || env.SMILE_ID_PARTNER_ID || file.SMILE_ID_PARTNER_ID
  const apiKey = env.SMILE_ID_API_KEY || file.SMILE_ID_API_KEY
  return { partnerId: partnerId || undefined, apiKey: apiKey || undefined }
}

interface Sources {
  environment: Settings
  /** `.env` */
  file: Settings
}

/**
 * A `.env` lies in whatever folder one happens to stand in, such as a cloned repository. It may not send what
 * a key of the environment signs to an address of its own. One that has the key itself is trusted with it.
 */
function mixedSources(values: ClientValues, { environment, file }: Sources): InputIssue[] {
  const key = environment.SMILE_ID_API_KEY
  if (!key || key === file.SMILE_ID_API_KEY) return []
  const mixed = SETTINGS.filter(({ variable, flag, goesWithKey }) => {
    const isGiven = (flag && values[flag]) || environment[variable]
    return goesWithKey && !isGiven && file[variable]
  })
  return mixed.map(({ variable, flag }) => {
    const ways = flag ? `--${flag} or the environment` : 'the environment'
    return issue(
      variable,
      'not_allowed',
      `comes from .env of this folder, but SMILE_ID_API_KEY from the environment: both must come from one ` +
        `source. Give ${variable} by ${ways}, take it out of .env, or put the key into .env, too`,
    )
  })
}

/** The environment whose host the address names. */
function environmentOf(baseUrl: string | undefined): Environment | undefined {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return undefined
  const host = new URL(baseUrl).hostname.replace(/\.$/, '')
  const environments = Object.keys(ORIGINS) as Environment[]
  return environments.find((name) => new URL(ORIGINS[name]).hostname === host)
}

/** @throws {SmileIdInputError} `invalid_input`: with issues named by variables and flags. */
export function clientFromSettings(
  settings: Settings,
  { timeout: timeoutMs }: ClientValues,
  io: Pick<Io, 'fetch'>,
  more: Partial<ClientOptions> = {},
): Client {
  try {
    const { fetch } = io
    const hooks = rememberingHost(io, more.hooks)
    return createClient({ ...clientOptionsFromEnv(settings), fetch, timeoutMs, ...more, hooks })
  } catch (error) {
    if (!isInputError(error)) throw error
    throw new SmileIdInputError(withCure(error.issues.map(nameByFlag)))
  }
}

/** Names a setting as the user writes it: `--env (SMILE_ID_ENVIRONMENT)`. */
function nameByFlag(issue: InputIssue): InputIssue {
  const setting = SETTINGS.find(({ variable, option }) => issue.path === variable || issue.path === option)
  if (!setting) return issue
  const { variable, flag } = setting
  return { ...issue, path: flag ? `--${flag} (${variable})` : variable }
}

/** Says once where missing settings come from. */
function withCure(issues: readonly InputIssue[]): InputIssue[] {
  const first = issues.findIndex(({ code, path }) => code === 'missing' && path.includes('SMILE_ID_'))
  return issues.map((issue, index) => (index === first ? { ...issue, message: MISSING_SETTING } : issue))
}

const MISSING_SETTING =
  'is missing: set it in the environment or in .env of this folder. Without an account, ' +
  `${PROGRAM} emulator > .env, left running, gives settings to try with`

export interface OpenOptions {
  hooks?: Hooks | undefined
  /** Whether to say where calls go before the first one does. @default true */
  namesTarget?: boolean | undefined
}

/** @throws {SmileIdInputError} `invalid_input`: settings are missing or wrong. */
export async function openClient(
  values: ClientValues,
  io: Io,
  { hooks = {}, namesTarget = true }: OpenOptions = {},
): Promise<Client> {
  const settings = await readSettings(values, io)
  if (!namesTarget) return clientFromSettings(settings, values, io, { hooks })
  const nameTarget = createTargetNamer(io)
  const client: Client = clientFromSettings(settings, values, io, {
    hooks: {
      ...hooks,
      onRequest(event) {
        nameTarget(client)
        hooks.onRequest?.(event)
      },
    },
  })
  return client
}

/**
 * Opens a client for calls that are billed or use something up: in production only with `--yes`.
 *
 * @throws {SmileIdInputError} `invalid_input`: settings are missing or wrong, or `--yes` is missing.
 */
export async function openBillingClient(
  values: ClientValues & { yes?: boolean },
  io: Io,
  options?: OpenOptions,
): Promise<Client> {
  const client = await openClient(values, io, options)
  if (client.environment === 'production' && !values.yes) {
    const { host } = new URL(client.baseUrl)
    throw new SmileIdInputError([
      issue('--yes', 'missing', `is missing: ${host} is production, where calls are billed`),
    ])
  }
  return client
}
