/**
 * The emulator's services document, in the shape of `GET /v1/services`; values as in Smile ID's public
 * clients and test-data page.
 */

export const DATED = '2026-08'

interface Row {
  label: string
  /** Beyond country, id_type, user_id and job_id. */
  needs: readonly string[]
  regex?: string
  test?: string
}

const NAMES = ['id_number', 'first_name', 'last_name']
const NUMBER = ['id_number']
const row = (label: string, regex: string, test: string, needs: readonly string[] = NUMBER): Row => ({
  label,
  regex,
  test,
  needs,
})

const TYPES: Readonly<Record<string, { name: string; types: Readonly<Record<string, Row>> }>> = {
  GH: {
    name: 'Ghana',
    types: {
      DRIVERS_LICENSE: row("Driver's License", '^[A-Z0-9]{6,10}$', 'B0000000'),
      NATIONAL_ID: row('National ID', '^GHA-[A-Z0-9]{9}-[A-Z0-9]{1}$', ''),
      NEW_VOTER_ID: row("New Voter's ID", '^[0-9]{10,12}$', '0000000000'),
      PASSPORT: row('Passport', '^[A-Z]{1}[0-9]{7,9}$', 'G0000000'),
      // As the service writes it: the flag is meant, not the letters.
      SSNIT: row('SSNIT', '^[A-Z]{1}[A-Z0-9]{12,14}$/i', 'C000000000000'),
      VOTER_ID: row("Voter's ID", '^[0-9]{10,12}$', '0000000000'),
    },
  },
  KE: {
    name: 'Kenya',
    types: {
      ALIEN_CARD: row('Alien Card', '^[0-9]{6,9}$', '000000'),
      DRIVERS_LICENSE: row("Driver's License", '^[A-Z0-9]{6,10}$', 'B0000000', ['id_number', 'citizenship']),
      KRA_PIN: row('KRA PIN', '^[A-Z]{1}[0-9]{9}[A-Z]{1}$', 'A000000000P', ['id_number', 'citizenship']),
      NATIONAL_ID: row('National ID', '^[0-9]{1,9}$', '00000000'),
      NATIONAL_ID_NO_PHOTO: row('National ID (no photo)', '^[0-9]{1,9}$', '00000000'),
      PASSPORT: row('Passport', '^[A-Z0-9]{7,9}$', 'A00000000'),
    },
  },
  NG: {
    name: 'Nigeria',
    types: {
      BANK_ACCOUNT: { label: 'Bank Account', needs: ['id_number', 'bank_code'], regex: '^[0-9]{10}$' },
      BVN: row('Bank Verification Number', '^[0-9]{11}$', '00000000000'),
      BVN_MFA: { label: 'BVN with consent', needs: ['session_id'] },
      CAC: row('CAC', '^(RC)?[0-9]{5,8}$', '0000000', ['id_number', 'company']),
      DRIVERS_LICENSE: row("Driver's License", '^[a-zA-Z]{3}([ -]{1})?[A-Z0-9]{6,12}$', 'ABC000000000', [
        ...NAMES,
        'dob',
      ]),
      NIN: row('National ID', '^[0-9]{11}$', '00000000000'),
      NIN_SLIP: row('NIN Slip', '^[0-9]{11}$', '00000000000'),
      NIN_V2: row('National ID v2', '^[0-9]{11}$', '00000000000'),
      PASSPORT: row('Passport', '^[A-Z]{1}[0-9]{8}$', 'A00000000', [...NAMES, 'dob']),
      PHONE_NUMBER: row('Phone Number', '^[0-9]{11}$', '00000000000', NAMES),
      TIN: row('TIN', '^[0-9]{8,}-[0-9]{4,}$', '00000000-0000'),
      V_NIN: row('Virtual NIN', '^[a-zA-Z0-9]{16}$', '0000000000000000'),
      VOTER_ID: row("Voter's ID", '^[a-zA-Z0-9 ]{9,20}$', '0000000000000000000'),
    },
  },
  UG: {
    name: 'Uganda',
    types: { NATIONAL_ID_NO_PHOTO: row('National ID (no photo)', '^[A-Z0-9]{14}$', '00000000000000') },
  },
  ZA: {
    name: 'South Africa',
    types: {
      NATIONAL_ID: row('National ID', '^[0-9]{13}$', '0000000000000'),
      NATIONAL_ID_NO_PHOTO: row('National ID (no photo)', '^[0-9]{13}$', '0000000000000'),
    },
  },
}

const ALWAYS = ['country', 'id_type']
const all = (needs: readonly string[]) => [...ALWAYS, ...needs, 'user_id', 'job_id']

/** A fresh copy. */
export function servicesDocument() {
  const countries = Object.entries(TYPES)
  const product = (more: readonly string[]) =>
    Object.fromEntries(
      countries.map(([code, { name, types }]) => [
        code,
        {
          name,
          id_types: Object.fromEntries(
            Object.entries(types).map(([type, { label, needs, regex, test }]) => [
              type,
              {
                label,
                required_fields: all([...new Set([...needs, ...more])]),
                ...(test !== undefined && { test_data: test }),
                ...(regex !== undefined && { id_number_regex: regex }),
              },
            ]),
          ),
        },
      ]),
    )
  return {
    bank_codes: [
      { name: 'Example Bank', code: '044', nip_code: '000014' },
      { name: 'Sample Bank', code: '058', nip_code: '000013' },
    ],
    id_types: Object.fromEntries(
      countries.map(([code, { types }]) => [
        code,
        Object.fromEntries(Object.entries(types).map(([type, { needs }]) => [type, all(needs)])),
      ]),
    ),
    hosted_web: {
      basic_kyc: product(['first_name', 'last_name']),
      biometric_kyc: product([]),
      enhanced_kyc: product([]),
      ekyc_smartselfie: product([]),
      doc_verification: Object.fromEntries(
        countries.map(([code, { name }]) => [
          code,
          {
            name,
            id_types: {
              DRIVERS_LICENSE: { label: "Driver's License" },
              PASSPORT: { label: 'Passport' },
              VOTER_ID: { label: "Voter's ID" },
            },
          },
        ]),
      ),
      enhanced_document_verification: Object.fromEntries(
        countries.map(([code, { name }]) => [
          code,
          {
            name,
            id_types: { DRIVERS_LICENSE: { label: "Driver's License" }, PASSPORT: { label: 'Passport' } },
          },
        ]),
      ),
    },
  }
}
