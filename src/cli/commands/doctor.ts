/** `smileid doctor`: finds out why requests are refused. */
import type { Client } from '../../client.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { isInputError, issue } from '../../errors/issues.ts'
import { type Call, command } from '../command.ts'
import type { Exit } from '../exit.ts'
import type { Flags } from '../flags.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, clientFromSettings, readSettings, type Settings } from '../settings.ts'
import { createTargetNamer } from '../target.ts'
import { printable } from '../text.ts'
import { checkRefusedRequest } from './doctor/check-refused-request.ts'
import { checkServer, type CheckServerOptions } from './doctor/check-server.ts'
import { checkSettings } from './doctor/check-settings.ts'
import type { Finding } from './doctor/finding.ts'

const FLAGS = {
  timestamp: { kind: 'text', value: 'TEXT', help: 'of a request that was refused, as it was sent' },
  signature: { kind: 'text', value: 'TEXT', help: 'of that request: names the mistake it was made with' },
  offline: { kind: 'switch', help: 'ask no server' },
  json: { kind: 'switch', help: 'print JSON, for scripts' },
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const satisfies Flags

export const doctor = command({
  summary: 'Find out why requests are refused: settings, clock, credentials, a signature made elsewhere',
  operands: [],
  flags: FLAGS,
  details: [
    'It reads the services document and asks for the status of a job that does not exist, which bills ' +
      'nothing. When the key is refused, it asks the other',
    'environment, too, and for the partner id with other leading zeros. With --timestamp and --signature, ' +
      'wrong recipes are tried on this machine alone.',
    'Exit code 4: the credentials are refused; 3: no server answers; 2: something else is wrong.',
  ],
  examples: ['doctor', "doctor --timestamp 2024-08-06T09:15:30.123Z --signature 'dabd2035…' --offline"],
  async run({ values, io, signal }) {
    if (values.signature !== undefined && values.timestamp === undefined) {
      throw new SmileIdInputError([
        issue('--timestamp', 'missing', 'is missing: a signature is of a timestamp'),
      ])
    }
    const settings = await readSettings(values, io)
    const findings = [...checkSettings(settings), ...checkRefusedRequest(settings, values)]
    const clientFindings = checkClient(settings, { values, io })
    findings.push(...clientFindings)
    const isUsable = clientFindings.every(({ state }) => state === 'ok')
    if (isUsable && !values.offline) {
      const nameTarget = createTargetNamer(io)
      const createClient: CheckServerOptions['createClient'] = (changes, fetch) => {
        const hooks = { onRequest: () => nameTarget(client) }
        const client: Client = clientFromSettings(
          { ...settings, ...changes },
          values,
          { fetch },
          { maxRetries: 0, hooks },
        )
        return client
      }
      findings.push(...(await checkServer(settings, { createClient, io, signal })))
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
  if (wrong.includes('credentials')) return 'fatal'
  if (wrong.includes('server')) return 'undecided'
  return 'rejected'
}
