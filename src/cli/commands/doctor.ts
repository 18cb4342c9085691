/** `smileid doctor`: finds out why requests are refused. */
import type { Client } from '../../client.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { isInputError, issue } from '../../errors/issues.ts'
import { type Call, command } from '../command.ts'
import type { Exit } from '../exit.ts'
import type { Flags } from '../flags.ts'
import { V3_FLAG } from '../generation.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, clientFromSettings, readSettings, type Settings } from '../settings.ts'
import { createTargetNamer } from '../target.ts'
import { printable } from '../text.ts'
import { checkFiles } from './doctor/check-files.ts'
import { checkRefusedRequest } from './doctor/check-refused-request.ts'
import { checkServer, type CheckServerOptions } from './doctor/check-server.ts'
import { checkSettings } from './doctor/check-settings.ts'
import { checkV3Server } from './doctor/check-v3-server.ts'
import type { Finding } from './doctor/finding.ts'
import { tryToken } from './doctor/try-token.ts'

const FLAGS = {
  timestamp: { kind: 'text', value: 'TEXT', help: 'of a request that was refused, as it was sent' },
  signature: { kind: 'text', value: 'TEXT', help: 'of that request: names the mistake it was made with' },
  token: {
    kind: 'text',
    only: 'v3',
    value: 'FILE',
    help: 'holds a token that is refused: says what it is; - is standard input',
  },
  consent: {
    kind: 'text',
    only: 'v3',
    value: 'FILE',
    help: 'holds a consent, or an input with one: says whether it has the right shape',
  },
  offline: { kind: 'switch', help: 'ask no server' },
  ...V3_FLAG,
  json: { kind: 'switch', help: 'print JSON, for scripts' },
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const satisfies Flags

export const doctor = command({
  summary: 'Find out why requests are refused: settings, clock, credentials, a signature made elsewhere',
  operands: [],
  v3: { operands: [], isMeant: ({ values }) => values.token !== undefined || values.consent !== undefined },
  flags: FLAGS,
  details: [
    'It reads the services document and asks for the status of a job that does not exist, which bills ' +
      'nothing. When the key is refused, it asks the other',
    'environment, too, and for the partner id with other leading zeros. With --timestamp and --signature, ' +
      'wrong recipes are tried on this machine alone.',
    'With --v3 it makes a token and asks for a job_… id that nobody has; when the key is refused, it asks ' +
      'v1, too, and without --v3 the other way round.',
    'Exit code 4: the credentials, or the token, are refused; 3: no server answers; 2: something else is ' +
      'wrong.',
  ],
  examples: [
    'doctor',
    "doctor --timestamp 2024-08-06T09:15:30.123Z --signature 'dabd2035…' --offline",
    'doctor --v3 --consent kyc.json',
  ],
  async run({ values, generation, io, signal }) {
    if (values.signature !== undefined && values.timestamp === undefined) {
      throw new SmileIdInputError([
        issue('--timestamp', 'missing', 'is missing: a signature is of a timestamp'),
      ])
    }
    const settings = await readSettings(values, io)
    const findings = [
      ...checkSettings(settings, generation),
      ...checkRefusedRequest(settings, values, generation),
      ...checkClient(settings, { values, io }),
    ]
    const isUsable = findings.every(({ check, state }) => check !== 'settings' || state === 'ok')
    const files = await checkFiles(settings, { values, io, signal })
    findings.push(...files.findings)
    if (isUsable && !values.offline) {
      const asked = { values, generation, io, signal, token: files.token }
      findings.push(...(await askServers(settings, asked)))
    }
    if (values.json) {
      io.out(JSON.stringify(findings))
    } else {
      for (const { check, state, message } of findings) {
        io.out(`${state.padEnd(7)}  ${check.padEnd(11)}  ${printable(message)}`)
      }
    }
    return exitForFindings(findings)
  },
})

interface AskOptions extends Pick<Call<typeof FLAGS>, 'values' | 'generation' | 'io' | 'signal'> {
  /** To be tried, too. */
  token: string | undefined
}

async function askServers(
  settings: Settings,
  { values, generation, io, signal, token }: AskOptions,
): Promise<Finding[]> {
  const nameTarget = createTargetNamer(io)
  const createClient: CheckServerOptions['createClient'] = (changes, fetch) => {
    const hooks = { onRequest: () => nameTarget(client) }
    const more = { maxRetries: 0, hooks }
    const client: Client = clientFromSettings({ ...settings, ...changes }, values, { fetch }, more)
    return client
  }
  const check = generation === 'v3' ? checkV3Server : checkServer
  const findings = await check(settings, { createClient, io, signal })
  if (token === undefined) return findings
  const client = createClient({}, io.fetch)
  const hooks = { onRequest: () => nameTarget(client) }
  return [...findings, await tryToken(token, settings, { hooks, io, signal })]
}

/** Whether a client can be made of the settings. */
function checkClient(
  settings: Settings,
  { values, io }: Pick<Call<typeof FLAGS>, 'values' | 'io'>,
): Finding[] {
  try {
    const { environment, baseUrl } = clientFromSettings(settings, values, io)
    const { host } = new URL(baseUrl)
    return [{ check: 'settings', state: 'ok', message: `${environment}, ${host}` }]
  } catch (error) {
    if (!isInputError(error)) throw error
    return error.issues.map(({ path, message }): Finding => ({
      check: 'settings',
      state: 'wrong',
      message: `${path} ${message}`,
    }))
  }
}

function exitForFindings(findings: readonly Finding[]): Exit {
  const wrong = findings.filter(({ state }) => state === 'wrong').map(({ check }) => check)
  if (wrong.length === 0) return 'done'
  if (wrong.includes('credentials') || wrong.includes('token')) return 'fatal'
  if (wrong.includes('server')) return 'undecided'
  return 'rejected'
}
