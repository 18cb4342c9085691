/** Replies as decisions. */
import { type AnyResult, interpretResult, type JobStatus, known, resultOf } from 'smileid-edge/result'
import { equal, rejection, test } from './harness'

const result = (ResultCode: string, more: object = {}): AnyResult => ({
  ResultCode,
  ResultText: 'a text',
  SmileJobID: '0000000001',
  PartnerParams: { user_id: 'u', job_id: 'j' },
  ...more,
})
const status = (result: unknown, job_complete: unknown, job_success?: unknown) =>
  ({ timestamp: 't', signature: 's', code: '2302', result, job_complete, job_success }) as JobStatus
const decided = (reply: AnyResult | JobStatus, options?: object) => {
  const { decision, basis, final, retryable } = interpretResult(reply, options)
  return [decision, basis, final, retryable].join(' ')
}

test('codes of the table decide', () => {
  for (const [code, expected] of [
    ['0001', 'rejected code true false'],
    ['0810', 'approved code true false'],
    ['0814', 'provisional code false false'],
    ['0840', 'approved code true false'],
    ['0903', 'rejected code true true'],
    ['0907', 'rejected code true false'],
    ['1012', 'approved code true false'],
    ['1013', 'rejected code true false'],
    ['1014', 'error code true false'],
    ['1015', 'error code true true'],
    ['1016', 'error code true false'],
    ['1020', 'approved code true false'],
    ['1021', 'partial code true false'],
    ['1022', 'rejected code true false'],
    ['1023', 'rejected code true false'],
    ['1030', 'unknown code true false'],
    ['1210', 'approved code true false'],
  ] as const) {
    equal(decided(result(code)), expected, code)
  }
})

test('an approval that an action of the reply takes back is for a person', () => {
  const approval = (code: string, action: string, value: string) =>
    decided(result(code, { Actions: { [action]: value } }))
  for (const [code, action, yes] of [
    ['0840', 'Register_Selfie', 'Approved'],
    ['0810', 'Register_Selfie', 'Not Applicable'],
    ['1012', 'Verify_ID_Number', 'Verified'],
    ['1012', 'Verify_Business', 'Verified'],
    ['0810', 'Verify_Document', 'Passed'],
    ['1020', 'Names', 'Exact Match'],
    ['1020', 'DOB', 'Not Provided'],
    // Open and failed parts that the service itself let pass.
    ['1012', 'Return_Personal_Info', 'Not Returned'],
    ['0810', 'Selfie_To_ID_Authority_Compare', 'ID Authority Photo Not Available'],
  ] as const)
    equal(approval(code, action, yes), 'approved code true false', `${action} ${yes}`)
  for (const [code, action, no] of [
    ['0840', 'Register_Selfie', 'Rejected'],
    ['0840', 'Register_Selfie', 'Failed'],
    ['1210', 'Register_Selfie', 'Provisionally Approved'],
    ['0810', 'Register_Selfie', 'Under Review'],
    ['1012', 'Verify_ID_Number', 'Not Verified'],
    ['0810', 'Verify_ID_Number', 'Issuer Unavailable'],
    ['1012', 'Verify_Business', 'Not Verified'],
    ['0810', 'Verify_Document', 'Sent to Human Review'],
    ['1020', 'Names', 'Partial Match'],
    ['1020', 'Names', 'Transposed'],
    ['1020', 'DOB', 'No Match'],
  ] as const)
    equal(approval(code, action, no), 'unknown none true false', `${action} ${no}`)
  const Actions = { Register_Selfie: 'Provisionally Approved' }
  equal(decided(status(result('0820', { Actions }), true, true)), 'unknown none true false')
  equal(
    decided(result('0841', { Actions }), { codes: { '0841': { decision: 'approved' } } }),
    'unknown none true false',
  )
})

test('an approval beside detected fraud is for a person', () => {
  const beside = (fraud_detected: unknown) =>
    decided(result('0810', { Antifraud: { summary: { fraud_detected, fraud_sources: [] } } }))
  equal([true, 'true', false, 'false', undefined].map(beside), [
    ...Array(2).fill('unknown none true false'),
    ...Array(3).fill('approved code true false'),
  ])
})

test('the ID behind a job with images is not the job', () => {
  const half = (job_type: unknown, code = '1012') =>
    result(code, { ResultType: 'ID Verification', PartnerParams: { user_id: 'u', job_id: 'j', job_type } })
  for (const jobType of [1, '1', 6, 11]) {
    equal(decided(half(jobType)), 'pending none false false', `job type ${jobType}`)
    equal(decided(status(half(jobType), true)), 'unknown none true false')
    equal(decided(status(half(jobType), true, true)), 'approved code true false')
    equal(decided(half(jobType, '0810')), 'approved code true false')
  }
  for (const jobType of [5, '5', 7, undefined, null, {}, { toString: 1 }])
    equal(decided(half(jobType)), 'approved code true false')
})

test('a code outside the table is unknown, never guessed, unless a complete job says how it ended', () => {
  for (const code of ['0811', '0820', '9999', '__proto__', 'constructor', 'toString']) {
    equal(decided(result(code)).split(' ')[0], 'unknown', code)
    equal(decided(status(result(code), true, true)), 'approved job_success true false')
    equal(decided(status(result(code), true, false)), 'rejected job_success true false')
    equal(decided(status(result(code), true)), 'unknown none true false')
    equal(decided(status(result(code), false, true)), 'pending none false false')
  }
  equal(decided(result('0820'), { codes: { '0820': { decision: 'rejected' } } }), 'rejected code true false')
  equal(
    decided(result('1021'), { codes: { '1021': { decision: 'rejected', retryable: true } } }),
    'rejected code true true',
  )
  equal(decided(result('1021'), { codes: { '1021': { decision: 'approved' } } }), 'approved code true false')
  // A verdict that is taken back leaves none, not the table's.
  for (const none of [undefined, null])
    equal(decided(result('1012'), { codes: { '1012': none } } as never), 'unknown none false false')
})

test('wrong options are named', async () => {
  const { issues } = await rejection(
    (async () => interpretResult(result('1012'), { codes: '0820', code: {} } as never))(),
  )
  equal(
    issues.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
    ['options.codes wrong_type', 'options.code not_allowed'],
  )
})

test('a running job is pending, whatever a part of it says', () => {
  equal(decided(status(undefined, false, false)), 'pending none false false')
  equal(decided(status(null, false)), 'pending none false false')
  equal(decided(status('No zip file received', false, false)), 'pending none false false')
  equal(decided(status(result('1012'), false, false)), 'pending none false false')
  equal(decided(status(result('0810'), false, true)), 'pending none false false')
  equal(decided(status(result('0814'), false, false)), 'provisional code false false')
  equal(decided(status(result('0810'), true, true)), 'approved code true false')
  equal(decided(status(result('0907'), true, false)), 'rejected code true false')
  equal(decided(status('Zip file failed', true, false)), 'rejected job_success true false')
  equal(decided(status(result('0810'), true, false)), 'unknown none true false', 'contradictory')
})

test('booleans that are texts, missing Actions and odd values are taken as they are meant', () => {
  equal(decided(status(result('0815'), 'true', 'true')), 'approved job_success true false')
  equal(decided(status(result('0815'), 'false', 'false')), 'pending none false false')
  equal(decided(result('0810', { IsFinalResult: 'false' })), 'provisional code false false')
  equal(
    decided(status(result('0815', { IsFinalResult: 'false' }), true, true)),
    'provisional job_success false false',
  )
  for (const Actions of [undefined, null, {}, [], 'none', { A: null, B: 5 }])
    equal(interpretResult(result('0810', { Actions })).reasons, [])
  for (const odd of [undefined, null, {}, [], 'text', 5])
    equal(interpretResult(odd as never).decision, 'unknown')
  equal(interpretResult(result('0810', { ConfidenceValue: '97.000000' })).confidence, 97)
  equal(interpretResult(result('0810', { ConfidenceValue: 'N/A' })).confidence, undefined)
  const noText = { toString: 1 }
  const odd = result('0810', { ConfidenceValue: noText, Actions: { Register_Selfie: noText } })
  equal(decided(odd), 'approved code true false')
})

test('reasons are the actions that speak against approval or are open', () => {
  const Actions = {
    Register_Selfie: 'Provisionally Approved',
    Liveness_Check: 'Passed',
    Human_Review_Compare: 'Under Review',
    Verify_ID_Number: 'Verified',
    Selfie_Check: 'Not Applicable',
    Names: 'Transposed',
    New_Check: 'Whatever',
  }
  equal(interpretResult(result('0814', { Actions })).reasons, [
    { action: 'Register_Selfie', value: 'Provisionally Approved' },
    { action: 'Human_Review_Compare', value: 'Under Review' },
    { action: 'Names', value: 'Transposed' },
    { action: 'New_Check', value: 'Whatever' },
  ])
})

test('an interpretation holds nothing personal', () => {
  const personal = {
    FullName: 'CANARY',
    IDNumber: 'CANARY',
    DOB: 'CANARY',
    Photo: 'CANARY',
    PartnerParams: { user_id: 'CANARY', job_id: 'CANARY' },
  }
  equal(Object.keys(interpretResult(result('1012', personal))), [
    'decision',
    'basis',
    'final',
    'retryable',
    'reasons',
    'code',
    'text',
    'smileJobId',
  ])
  equal(
    JSON.stringify(interpretResult(status(result('1012', personal), true, true))).includes('CANARY'),
    false,
  )
})

test('the result in a reply, and texts that are known', () => {
  const one = result('0810')
  equal(
    [
      resultOf(one as never) === one,
      resultOf(status(one, true)) === one,
      resultOf(status('text', false)),
      resultOf(status(null, false)),
      resultOf(status([], false)),
    ],
    [true, true, undefined, undefined, undefined],
  )
  equal(['DOE LEO JOE', 'Not Available', 'N/A', '', ' ', 'NaN-NaN-NaN', undefined, null, 5, {}].map(known), [
    'DOE LEO JOE',
    ...Array(9).fill(undefined),
  ])
})
