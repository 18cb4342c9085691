/** What is wrong with a token and a consent that were given as files. */
import { SmileIdInputError } from '../../../errors/classes.ts'
import { issue } from '../../../errors/issues.ts'
import { parseObject } from '../../../input/json.ts'
import type { Io } from '../../io.ts'
import { readInput } from '../../job-input.ts'
import type { Settings } from '../../settings.ts'
import { checkConsent } from './check-consent.ts'
import { checkToken } from './check-token.ts'
import type { Finding } from './finding.ts'

export interface FileOptions {
  values: { token?: string; consent?: string }
  io: Io
  signal: AbortSignal
}

export interface CheckedFiles {
  findings: Finding[]
  /** A token with which the service can be asked, as far as it says itself. */
  token: string | undefined
}

/** @throws {SmileIdInputError} `invalid_input`: a file cannot be read, or holds no JSON object. */
export async function checkFiles(
  settings: Settings,
  { values, io, signal }: FileOptions,
): Promise<CheckedFiles> {
  const findings: Finding[] = []
  if (values.consent !== undefined) {
    const given = parseObject(await readInput(values.consent, io, signal))
    if (!given) {
      throw new SmileIdInputError([issue('--consent', 'wrong_format', 'must name a file with a JSON object')])
    }
    findings.push(...checkConsent(given, io.now()))
  }
  if (values.token === undefined) return { findings, token: undefined }
  const token = (await readInput(values.token, io, signal)).trim()
  const ofToken = await checkToken(token, settings, io.now())
  findings.push(...ofToken)
  const isUsable = ofToken.every(({ state }) => state === 'ok')
  return { findings, token: isUsable ? token : undefined }
}
