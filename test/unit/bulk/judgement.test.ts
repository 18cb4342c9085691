/** What errors say of their rows, as the tables of judge and readError have it. */
import { expect, it } from 'vitest'
import { judge, type Judgement } from '../../../src/bulk/judgement.ts'
import { readError, type Reading } from '../../../src/bulk/outcome.ts'
import {
  type AnySmileIdError,
  type ErrorFacts,
  SmileIdApiError,
  SmileIdNetworkError,
  SmileIdSignatureError,
} from '../../../src/errors/classes.ts'

const facts: ErrorFacts = { code: 'api_error', hint: 'Do.', outcome: 'rejected', attempts: 1 }
const api = (more: Partial<ErrorFacts>) => new SmileIdApiError({ ...facts, ...more }) as AnySmileIdError
const network = (more: Partial<ErrorFacts>) =>
  new SmileIdNetworkError({ ...facts, code: 'network_error', ...more }) as AnySmileIdError
const unsigned = new SmileIdSignatureError({
  ...facts,
  code: 'signature_missing',
  outcome: 'unknown',
}) as AnySmileIdError

/** The states in these circumstances: as it is; while trusted; while unclear; while both. */
type States = [Reading['state'], Reading['state'], Reading['state'], Reading['state']]

it.each<[string, AnySmileIdError, Judgement, States]>([
  [
    '2209',
    api({ code: 'user_exists', smileCode: '2209' }),
    'exists',
    ['exists', 'exists', 'exists', 'exists'],
  ],
  ['402', api({ code: 'payment_required' }), 'stop', ['failed', 'failed', 'unknown', 'unknown']],
  ['no signature', unsigned, 'stop', ['unknown', 'unknown', 'unknown', 'unknown']],
  ['500', api({ outcome: 'unknown' }), 'unclear', ['unknown', 'unknown', 'unknown', 'unknown']],
  [
    '429',
    api({ code: 'rate_limited', retryable: true }),
    'again',
    ['failed', 'failed', 'unknown', 'unknown'],
  ],
  ['no connection', network({ outcome: 'not_sent' }), 'again', ['failed', 'failed', 'unknown', 'unknown']],
  [
    '2208',
    api({ code: 'user_deleted', smileCode: '2208' }),
    'row',
    ['rejected', 'rejected', 'rejected', 'rejected'],
  ],
  [
    '2213',
    api({ code: 'invalid_request', smileCode: '2213' }),
    'doubtful',
    ['failed', 'rejected', 'unknown', 'unknown'],
  ],
  ['404 of a gateway', api({}), 'doubtful', ['failed', 'failed', 'unknown', 'unknown']],
])('%s', (_, error, judgement, states) => {
  expect(judge(error, ['2209'])).toBe(judgement)
  const readings = [
    { unclear: false, trusted: false },
    { unclear: false, trusted: true },
    { unclear: true, trusted: false },
    { unclear: true, trusted: true },
  ].map((circumstances) => readError(error, judgement, circumstances))
  expect(readings.map(({ state }) => state)).toEqual(states)
  if (judgement === 'exists') {
    expect(readings.map(({ attempted }) => attempted)).toEqual([false, false, true, true])
  }
})

it('takes the codes of existsCodes alone for a user_id that is in use', () => {
  const error = api({ code: 'job_exists', smileCode: '2215' })
  expect([judge(error, ['2209']), judge(error, ['2209', '2215'])]).toEqual(['doubtful', 'exists'])
})
