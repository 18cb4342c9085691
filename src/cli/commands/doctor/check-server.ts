/** Whether the server answers, the clocks agree, and the credentials are accepted. */
import type { Client } from '../../../client.ts'
import { isLoopback } from '../../../client/addresses.ts'
import { isSmileIdError } from '../../../errors.ts'
import { isInputError } from '../../../errors/issues.ts'
import { getJobStatus } from '../../../job-status.ts'
import { getServices } from '../../../services.ts'
import { ORIGINS } from '../../../wire/endpoints.ts'
import type { Io } from '../../io.ts'
import type { Settings } from '../../settings.ts'
import { askV3 } from './ask-v3.ts'
import { checkClock, measureClock } from './check-clock.ts'
import type { Finding } from './finding.ts'

export interface CheckServerOptions {
  /** Makes a client of the settings with these changes, which calls `fetch`. */
  createClient(changes: Settings, fetch: Io['fetch']): Client
  io: Io
  signal: AbortSignal
}

export async function checkServer(
  settings: Settings,
  { createClient, io, signal }: CheckServerOptions,
): Promise<Finding[]> {
  const clock = measureClock(io)
  const server = await askServices(createClient({}, clock.fetch), signal)
  const findings = [server]
  const clockOffset = clock.offsetMs()
  if (clockOffset !== undefined) findings.push(checkClock(clockOffset))
  if (server.state === 'wrong') return findings

  const credentials = await checkCredentials(createClient({}, clock.fetch), signal)
  findings.push(credentials)
  if (credentials.state !== 'wrong') return findings
  for (const { changes, message } of similarSettings(settings)) {
    const { state } = await checkCredentials(createClient(changes, clock.fetch), signal)
    if (state === 'ok') findings.push({ check: 'credentials', state: 'wrong', message })
  }
  const isExplained = findings.at(-1) !== credentials
  if (!isExplained && (await isTakenByV3(settings, createClient({}, clock.fetch), signal))) {
    const message = 'but v3 takes them: the key is one of v3 alone; add --v3, or use the key of v1'
    findings.push({ check: 'credentials', state: 'wrong', message })
  }
  return findings
}

/** v3 is shown the key itself, so nobody but Smile ID and this machine is asked. */
async function isTakenByV3(settings: Settings, client: Client, signal: AbortSignal): Promise<boolean> {
  if (isOwnAddress(settings) && !isLoopback(new URL(client.baseUrl))) return false
  try {
    return (await askV3(client, signal)).kind === 'taken'
  } catch (error) {
    // A client that cannot speak v3 has no key of it.
    if (!isInputError(error)) throw error
    return false
  }
}

async function askServices(client: Client, signal: AbortSignal): Promise<Finding> {
  try {
    await getServices(client, { signal })
    return { check: 'server', state: 'ok', message: 'answers' }
  } catch (error) {
    if (!isSmileIdError(error)) throw error
    const { host } = new URL(client.baseUrl)
    return { check: 'server', state: 'wrong', message: `${host}: ${error.message}: ${error.hint}` }
  }
}

/** Ids that no job has. */
const NO_JOB = { user_id: 'smileid-doctor', job_id: 'smileid-doctor' }

/**
 * Asks for a job that does not exist: "not found" means that the credentials were accepted. The code for it
 * is known from other clients alone, so any other answer decides nothing.
 */
export async function checkCredentials(client: Client, signal: AbortSignal): Promise<Finding> {
  const wrong = (message: string): Finding => ({ check: 'credentials', state: 'wrong', message })
  try {
    await getJobStatus(client, NO_JOB, { signal })
  } catch (error) {
    if (!isSmileIdError(error)) throw error
    if (isSmileIdError(error, 'unauthorized')) return wrong(`are refused (${error.message})`)
    if (error.name === 'SmileIdSignatureError') {
      return wrong('are not those that the replies are signed with, so that none can be trusted')
    }
    if (!isSmileIdError(error, 'job_not_found')) {
      const message = `were answered with ${error.message}, which tells nothing about them`
      return { check: 'credentials', state: 'warning', message }
    }
  }
  return { check: 'credentials', state: 'ok', message: 'are taken' }
}

export interface SimilarSettings {
  changes: Settings
  /** What it means when they are accepted. */
  message: string
}

/** Settings that are easily mistaken for those that were refused. */
function similarSettings(settings: Settings): SimilarSettings[] {
  const other = otherEnvironment(settings)
  const similar: SimilarSettings[] = other ? [other] : []
  for (const id of idsWithOtherZeros(settings.SMILE_ID_PARTNER_ID ?? '')) {
    similar.push({
      changes: { SMILE_ID_PARTNER_ID: id },
      message: `but partner id ${id} is taken: mind the leading zeros`,
    })
  }
  return similar
}

/** Nobody knows what the other environment of an address of the user's own would be. */
export function otherEnvironment(settings: Settings): SimilarSettings | undefined {
  if (isOwnAddress(settings)) return undefined
  const other = settings.SMILE_ID_ENVIRONMENT === 'production' ? 'sandbox' : 'production'
  return {
    changes: { SMILE_ID_ENVIRONMENT: other, SMILE_ID_BASE_URL: undefined },
    message: `but ${other} takes them: the key is that of ${other}`,
  }
}

function isOwnAddress({ SMILE_ID_BASE_URL: baseUrl }: Settings): boolean {
  return baseUrl !== undefined && !Object.values(ORIGINS).includes(new URL(baseUrl).origin)
}

export function idsWithOtherZeros(partnerId: string): string[] {
  if (!/^\d+$/.test(partnerId)) return []
  const bare = String(Number(partnerId))
  const ids = new Set([bare, bare.padStart(3, '0'), bare.padStart(4, '0')])
  ids.delete(partnerId)
  return [...ids]
}
