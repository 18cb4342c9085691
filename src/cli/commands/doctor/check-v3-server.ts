/** Whether v3 answers, the clocks agree, and the credentials are accepted there. */
import { isInputError } from '../../../errors/issues.ts'
import { askV3, type AnswerOfV3 } from './ask-v3.ts'
import { checkClock, measureClock } from './check-clock.ts'
import {
  checkCredentials,
  type CheckServerOptions,
  idsWithOtherZeros,
  otherEnvironment,
} from './check-server.ts'
import type { Finding } from './finding.ts'
import type { Settings } from '../../settings.ts'

export async function checkV3Server(
  settings: Settings,
  { createClient, io, signal }: CheckServerOptions,
): Promise<Finding[]> {
  const clock = measureClock(io)
  const client = createClient({}, clock.fetch)
  const { host } = new URL(client.baseUrl)
  let answer: AnswerOfV3
  try {
    answer = await askV3(client, signal)
  } catch (error) {
    if (!isInputError(error)) throw error
    return error.issues.map(({ path, message }) => wrong('settings', `${path} ${message}`))
  }
  const isReached = answer.kind !== 'unreachable'
  const findings: Finding[] = [
    isReached
      ? { check: 'server', state: 'ok', message: 'answers' }
      : wrong('server', `${host}: ${(answer as { message: string }).message}`),
  ]
  const clockOffset = clock.offsetMs()
  if (clockOffset !== undefined) findings.push(checkClock(clockOffset))
  if (isReached) findings.push(describeAnswer(answer))
  if (answer.kind !== 'refused') return findings

  const other = otherEnvironment(settings)
  if (other && (await isTaken(() => askV3(createClient(other.changes, clock.fetch), signal)))) {
    findings.push(wrong('credentials', other.message))
  }
  const { SMILE_ID_PARTNER_ID: partnerId = '' } = settings
  for (const id of [partnerId, ...idsWithOtherZeros(partnerId)]) {
    const v1 = await checkCredentials(createClient({ SMILE_ID_PARTNER_ID: id }, clock.fetch), signal)
    if (v1.state !== 'ok') continue
    findings.push(wrong('credentials', `but v1 takes them, as partner ${id}: ${KEY_OF_V1}`))
    break
  }
  return findings
}

const KEY_OF_V1 = 'the key is one of v1 alone; make one for v3 in the portal'

function wrong(check: Finding['check'], message: string): Finding {
  return { check, state: 'wrong', message }
}

function describeAnswer(answer: AnswerOfV3): Finding {
  switch (answer.kind) {
    case 'taken':
      return { check: 'credentials', state: 'ok', message: 'are taken by v3' }
    case 'refused':
      return wrong('credentials', `are refused by v3 (${answer.message})`)
    default: {
      const message = `were answered with ${answer.message}, which tells nothing about them`
      return { check: 'credentials', state: 'warning', message }
    }
  }
}

async function isTaken(ask: () => Promise<AnswerOfV3>): Promise<boolean> {
  const { kind } = await ask()
  return kind === 'taken'
}
