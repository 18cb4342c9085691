import type { Client } from '../../client.ts'
import { isSmileIdError } from '../../errors.ts'
import { getJobStatus } from '../../job-status.ts'
import { inputError, isInputError, issue } from '../../errors/issues.ts'
import { ORIGINS } from '../../wire/endpoints.ts'
import { parseTimestamp } from '../../signature/timestamp.ts'
import { getServices } from '../../services.ts'
import { type Call, command } from '../command.ts'
import type { Exit } from '../exit.ts'
import { type Io, plain } from '../io.ts'
import { explainSignature } from './doctor/recipes.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, clientOf, readSettings, type Settings } from '../settings.ts'

interface Finding {
  check: 'settings' | 'partner id' | 'key' | 'server' | 'clock' | 'credentials' | 'timestamp' | 'signature'
  state: 'ok' | 'warning' | 'wrong'
  message: string
}

const FLAGS = {
  timestamp: { kind: 'text', value: 'TEXT', help: 'of a request that was refused, as it was sent' },
  signature: { kind: 'text', value: 'TEXT', help: 'of that request: names the mistake it was made with' },
  offline: { kind: 'switch', help: 'ask no server' },
  json: { kind: 'switch', help: 'print JSON, for scripts' },
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const

export const doctor = command({
  summary: 'Find out why requests are refused: settings, clock, credentials, a signature made elsewhere',
  operands: [],
  flags: FLAGS,
  details:
    'It reads the services document and asks for the status of a job that does not exist, which bills nothing. When the key is refused, it asks the other\nenvironment, too, and for the partner id with other leading zeros. With --timestamp and --signature, wrong recipes are tried on this machine alone.\nExit code 4: the credentials are refused; 3: no server answers; 2: something else is wrong.',
  examples: ['doctor', "doctor --timestamp 2024-08-06T09:15:30.123Z --signature 'dabd2035…' --offline"],
  async run(call) {
    const { given, io } = call
    if (given.signature !== undefined && given.timestamp === undefined)
      throw inputError([issue('--timestamp', 'missing', 'is missing: a signature is of a timestamp')])
    const settings = await readSettings(given, io)
    const findings = [...lookAtSettings(settings), ...lookAtRefused(settings, given)]
    const usable = tryClient(settings, call, findings)
    if (usable && !given.offline) findings.push(...(await askServer(settings, call)))
    for (const { check, state, message } of given.json ? [] : findings)
      io.out(`${state.padEnd(7)}  ${check.padEnd(11)}  ${plain(message)}`)
    if (given.json) io.out(JSON.stringify(findings))
    return exitFor(findings)
  },
})

function exitFor(findings: readonly Finding[]): Exit {
  const wrong = findings.filter(({ state }) => state === 'wrong').map(({ check }) => check)
  return wrong.length === 0
    ? 'done'
    : wrong.includes('credentials')
      ? 'fatal'
      : wrong.includes('server')
        ? 'undecided'
        : 'rejected'
}

/** What shows without asking anybody. The key is looked at, never shown. */
function lookAtSettings({
  SMILE_ID_PARTNER_ID: partnerId = '',
  SMILE_ID_API_KEY: key = '',
}: Settings): Finding[] {
  const found: Finding[] = []
  if (partnerId && /^\d{1,2}$/.test(partnerId))
    found.push({
      check: 'partner id',
      state: 'warning',
      message: `${partnerId} is short: Smile ID writes ids with leading zeros, such as 085, and they count`,
    })
  else if (partnerId && !/^\d+$/.test(partnerId.trim()))
    found.push({
      check: 'partner id',
      state: 'warning',
      message: 'is no number: all that Smile ID shows are digits, such as 085',
    })
  if (/^(["'`]).*\1$/s.test(key))
    found.push({
      check: 'key',
      state: 'wrong',
      message: 'stands in quotes that are part of it: leave them out',
    })
  else if (/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202f\u2060\ufeff]/.test(key))
    found.push({
      check: 'key',
      state: 'wrong',
      message: 'holds white space, a line break or a character that cannot be seen: copy it anew',
    })
  else if (key && key === partnerId)
    found.push({ check: 'key', state: 'wrong', message: 'is the partner id' })
  else if (key) found.push({ check: 'key', state: 'ok', message: 'is there, without white space around it' })
  return found
}

function tryClient(settings: Settings, { given, io }: Call<typeof FLAGS>, findings: Finding[]): boolean {
  try {
    const { environment, baseUrl } = clientOf(settings, given, io)
    findings.push({ check: 'settings', state: 'ok', message: `${environment}, ${new URL(baseUrl).host}` })
    return true
  } catch (error) {
    if (!isInputError(error)) throw error
    findings.push(
      ...error.issues.map(({ path, message }): Finding => ({
        check: 'settings',
        state: 'wrong',
        message: `${path} ${message}`,
      })),
    )
    return false
  }
}

/**
 * Docs ask for ISO 8601 with milliseconds and Z; the service takes other clients' forms, too, when the very
 * same text was signed.
 */
function lookAtRefused(
  {
    SMILE_ID_PARTNER_ID: partnerId,
    SMILE_ID_API_KEY: apiKey,
    SMILE_ID_PREVIOUS_API_KEY: previousKey,
  }: Settings,
  { timestamp, signature }: Call<typeof FLAGS>['given'],
): Finding[] {
  if (timestamp === undefined) return []
  const found: Finding[] = [formOf(timestamp)]
  const verdict = (state: Finding['state'], message: string) => [
    ...found,
    { check: 'signature' as const, state, message },
  ]
  if (signature === undefined || !partnerId || !apiKey) return found
  if (signature.includes('|'))
    return verdict(
      'wrong',
      'is a sec_key of the old kind: send sec_key as sec_key, or make a signature instead',
    )
  const faults = explainSignature({ partnerId, apiKey, previousKey, timestamp, signature })
  if (!faults)
    return verdict(
      'wrong',
      'no known mistake gives it: it was made with another key (of the other environment, or replaced), another partner id, or for another timestamp',
    )
  if (faults.length) return verdict('wrong', faults.join('; and '))
  return verdict(
    'ok',
    'is right for this partner, key and timestamp: if it is refused, the key is not that of the environment, or the body carries another timestamp',
  )
}

function formOf(timestamp: string): Finding {
  const finding = (state: Finding['state'], message: string): Finding => ({
    check: 'timestamp',
    state,
    message,
  })
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp))
    return finding('ok', 'is ISO 8601 with milliseconds and Z')
  const wanted = ': the documentation asks for ISO 8601 with milliseconds and Z, 2024-08-06T09:15:30.123Z'
  if (/^\d{9,10}(\.\d+)?$/.test(timestamp)) return finding('wrong', `is seconds since 1970${wanted}`)
  if (/^\d{12,13}$/.test(timestamp)) return finding('warning', `is milliseconds since 1970${wanted}`)
  if (/^\d{15,16}$/.test(timestamp)) return finding('wrong', `is microseconds since 1970${wanted}`)
  if (Number.isNaN(parseTimestamp(timestamp))) return finding('wrong', `is no date${wanted}`)
  if (/\.\d{6,}/.test(timestamp)) return finding('warning', `has microseconds${wanted}`)
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(timestamp))
    return finding('warning', `has no zone, so that nobody knows which time it means${wanted}`)
  return finding('warning', `has another form${wanted}`)
}

const OFF_MS = 30_000
/** Ids that no job has. */
const NOBODY = { user_id: 'smileid-doctor', job_id: 'smileid-doctor' }

async function askServer(settings: Settings, { given, io, stop }: Call<typeof FLAGS>): Promise<Finding[]> {
  const found: Finding[] = []
  let offBy: number | undefined
  const watched: Io['fetch'] = async (url, init) => {
    const before = io.now()
    const response = await (io.fetch ?? globalThis.fetch)(url, init)
    const date = Date.parse(response.headers.get('date') ?? '')
    // A date is cut to the second; half of it, and half of the way, are the best guess.
    offBy ??= Number.isNaN(date) ? undefined : date + 500 - (before + io.now()) / 2
    return response
  }
  const client = (changed: Settings = {}) =>
    clientOf({ ...settings, ...changed }, given, { ...io, fetch: watched }, { maxRetries: 0 })
  try {
    await getServices(client(), { signal: stop })
    found.push({ check: 'server', state: 'ok', message: 'answers' })
  } catch (error) {
    if (!isSmileIdError(error)) throw error
    found.push({ check: 'server', state: 'wrong', message: `${error.message}: ${error.hint}` })
  }
  if (offBy !== undefined) found.push(clock(offBy))
  if (found.some(({ check, state }) => check === 'server' && state === 'wrong')) return found

  const ask = (changed?: Settings) => askForNobody(client(changed), stop)
  const said = await ask()
  found.push(said)
  if (said.state === 'wrong') {
    for (const [changed, message] of others(settings))
      if ((await ask(changed)).state === 'ok') found.push({ check: 'credentials', state: 'wrong', message })
  }
  return found
}

/**
 * A job that nobody has is not found, once the credentials were taken; the code for it is known from other
 * clients alone, so that any further answer decides nothing.
 */
async function askForNobody(client: Client, signal: AbortSignal): Promise<Finding> {
  const finding = (state: Finding['state'], message: string): Finding => ({
    check: 'credentials',
    state,
    message,
  })
  try {
    await getJobStatus(client, NOBODY, { signal })
  } catch (error) {
    if (!isSmileIdError(error)) throw error
    if (isSmileIdError(error, 'unauthorized')) return finding('wrong', `are refused (${error.message})`)
    if (error.name === 'SmileIdSignatureError')
      return finding('wrong', 'are not those that the replies are signed with, so that none can be trusted')
    if (!isSmileIdError(error, 'job_not_found'))
      return finding('warning', `were answered with ${error.message}, which tells nothing about them`)
  }
  return finding('ok', 'are taken')
}

/** Settings near to those that were refused, and what it means when they are taken. */
function others(settings: Settings): (readonly [Settings, string])[] {
  const {
    SMILE_ID_PARTNER_ID: partnerId = '',
    SMILE_ID_BASE_URL: baseUrl,
    SMILE_ID_ENVIRONMENT: environment,
  } = settings
  const other = environment === 'production' ? 'sandbox' : 'production'
  const bare = /^\d+$/.test(partnerId) ? String(Number(partnerId)) : undefined
  const ids =
    bare === undefined
      ? []
      : [bare, bare.padStart(3, '0'), bare.padStart(4, '0')].filter(
          (id, index, all) => id !== partnerId && all.indexOf(id) === index,
        )
  return [
    // With a root of the user's own, nobody knows the other environment's.
    ...(baseUrl === undefined || Object.values(ORIGINS).includes(new URL(baseUrl).origin)
      ? [
          [
            { SMILE_ID_ENVIRONMENT: other, SMILE_ID_BASE_URL: undefined },
            `but ${other} takes them: the key is that of ${other}`,
          ] as const,
        ]
      : []),
    ...ids.map(
      (id) => [{ SMILE_ID_PARTNER_ID: id }, `but partner id ${id} is taken: mind the leading zeros`] as const,
    ),
  ]
}

function clock(offBy: number): Finding {
  const seconds = Math.abs(offBy / 1000).toFixed(offBy > 10_000 || offBy < -10_000 ? 0 : 1)
  const wrong = Math.abs(offBy) > OFF_MS
  return {
    check: 'clock',
    state: wrong ? 'wrong' : 'ok',
    message: `${seconds} s ${offBy > 0 ? 'behind' : 'ahead of'} the server's${wrong ? ': set it, since signatures carry its time' : ''}`,
  }
}
