/** What results of v3 decide, and what results of v1 are in the words of v3. */
import { enhancedKycFrom, verdictFrom } from 'smileid-edge/v3/migrate'
import { interpretVerdict, isResultOf, type Result } from 'smileid-edge/v3/result'
import { describe, equal, ok, test } from '../harness'

const result = (more: object) => ({ message: 'text', reason: null, ...more }) as Result

describe('interpretVerdict', () => {
  test('reads a status as a decision, and an approval that is taken back as none', () => {
    const fraud = { antifraud: { summary: { fraud_detected: true } } }
    const cases: [object, string, boolean][] = [
      [{ status: 'clear' }, 'approved', false],
      [{ status: 'attention', reason: 'document_expired' }, 'review', false],
      [{ status: 'block', reason: 'spoof_detected' }, 'rejected', false],
      [{ status: 'error', reason: 'service_unavailable' }, 'error', true],
      [{ status: 'error', reason: 'internal_error' }, 'error', true],
      [{ status: 'error', reason: 'invalid_id_number' }, 'error', false],
      [{ status: 'error' }, 'error', false],
      [{ status: 'processing' }, 'pending', false],
      [{ status: 'clear', ...fraud }, 'review', false],
      [{ status: 'block', ...fraud }, 'rejected', false],
      [{ status: 'clear', reason: 'high_risk' }, 'review', false],
      [{ status: 'complete' }, 'unknown', false],
      [{ status: ['clear'] }, 'unknown', false],
      [{ status: 'toString' }, 'unknown', false],
      [{}, 'unknown', false],
    ]
    for (const [given, decision, retryable] of cases) {
      const meaning = interpretVerdict(result(given))
      equal([meaning.decision, meaning.retryable], [decision, retryable], JSON.stringify(given))
    }
    equal(interpretVerdict(result({ status: 'block', reason: 'high_risk' })).reason, 'high_risk')
    equal('reason' in interpretVerdict(result({ status: 'clear' })), false)
    equal(interpretVerdict(null as never).decision, 'unknown')
  })
})

describe('isResultOf', () => {
  test('tells the product, and that its lists are there', () => {
    ok(isResultOf(result({ product: 'enhanced_kyc' }), 'enhanced_kyc'), 'its own')
    ok(!isResultOf(result({ product: 'enhanced_kyc' }), 'biometric_kyc'), 'another')
    ok(!isResultOf(result({}), 'enhanced_kyc'), 'none')
    ok(!isResultOf(result({ product: 'one_time_aml' }), 'one_time_aml'), 'without its list')
    ok(isResultOf(result({ product: 'one_time_aml', people: [] }), 'one_time_aml'), 'with its list')
    ok(!isResultOf(undefined as never, 'enhanced_kyc'), 'nothing')
  })
})

describe('verdictFrom', () => {
  const of = (more: object) => ({
    SmileJobID: '1',
    ResultText: 'text',
    PartnerParams: { user_id: 'u', job_id: 'j', job_type: 5 },
    ...more,
  })
  // The table of the specification, "Result codes -> verdicts".
  test('says in the words of v3 what codes of v1 say, and nothing where that is not known', () => {
    const cases: [string, unknown][] = [
      ['1012', { status: 'clear', reason: null }],
      ['0810', { status: 'clear', reason: null }],
      ['0840', { status: 'clear', reason: null }],
      ['1210', { status: 'clear', reason: null }],
      ['1013', { status: 'block', reason: 'identifier_not_found' }],
      ['1014', { status: 'error', reason: 'invalid_id_number' }],
      ['1015', { status: 'error', reason: 'service_unavailable' }],
      ['1016', { status: 'error', reason: null }],
      ['0907', { status: 'block', reason: null }],
      ['1021', { status: 'attention', reason: null }],
      ['0814', undefined],
      ['1030', undefined],
      ['9999', undefined],
    ]
    for (const [ResultCode, verdict] of cases)
      equal(verdictFrom(of({ ResultCode }) as never), verdict, ResultCode)
  })

  test('says nothing of jobs that run, screenings, and replies that contradict themselves', () => {
    const signed = { timestamp: '', signature: '', code: '2302' }
    const approved = of({ ResultCode: '0810' })
    equal(verdictFrom({ ...signed, job_complete: false, result: approved } as never), undefined)
    equal(verdictFrom({ ...signed, job_complete: true, result: approved } as never)?.status, 'clear')
    equal(
      verdictFrom({ ...signed, job_complete: true, job_success: false, result: approved } as never),
      undefined,
    )
    equal(verdictFrom(of({ ResultCode: '1012', people: [{}] }) as never), undefined)
    equal(verdictFrom(of({ ResultCode: '1012', IsFinalResult: 'false' }) as never), undefined)
    equal(verdictFrom(undefined as never), undefined)
  })
})

describe('enhancedKycFrom', () => {
  const consent = {
    granted: true,
    granted_at: '2026-05-04T08:00:00Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  } as const

  test('moves names, ids and numbers to where v3 has them', () => {
    const old = {
      partner_params: { user_id: 'u-1', job_id: 'order-77', job_type: 5, branch: 3, tags: ['a'], none: null },
      id_info: {
        country: 'NG',
        id_type: 'BVN',
        id_number: '00000000000',
        first_name: 'Ada',
        middle_name: 'Bee',
        last_name: 'Sample',
        dob: '1990-01-01',
        gender: 'F',
        phone_number: '08012345678',
      },
    } as const
    const email = 'ada@example.com'
    equal(enhancedKycFrom(old as never, { consent, email }), {
      country: 'NG',
      id_type: 'BVN',
      id_number: '00000000000',
      user_details: { given_names: 'Ada Bee', last_name: 'Sample', email },
      consent,
      user_id: 'u-1',
      partner_params: { user_id: 'u-1', job_id: 'order-77', branch: '3', tags: '["a"]' },
    })
  })

  test("takes v1's number as contact where it is one, unless there is another", () => {
    const id_info = { country: 'NG', id_type: 'BVN', phone_number: '+2348012345678' }
    const old = { partner_params: { user_id: 'u', job_id: 'j' }, id_info } as never
    equal(enhancedKycFrom(old, { consent }).user_details.phone_number, '+2348012345678')
    const phone_number = '+2348012345679'
    equal(enhancedKycFrom(old, { consent, phone_number }).user_details.phone_number, phone_number)
  })
})
