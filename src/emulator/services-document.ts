/**
 * The emulator's services document, in the shape of `GET /v1/services`; values as in Smile ID's public
 * clients and test-data page.
 */

/** The month of the values. */
export const DATED = '2026-08'

export interface IdType {
  label: string
  /** Beyond country, id_type, user_id and job_id. */
  needs: readonly string[]
  regex?: string
  /** A number that is found; empty for a type without one. */
  test?: string
}

export interface Country {
  name: string
  types: Readonly<Record<string, IdType>>
}

const NAMES = ['id_number', 'first_name', 'last_name']
const NUMBER = ['id_number']

function idType(label: string, regex: string, test: string, needs: readonly string[] = NUMBER): IdType {
  return { label, regex, test, needs }
}

export const COUNTRIES: Readonly<Record<string, Country>> = {
  GH: {
    name: 'Ghana',
    types: {
      DRIVERS_LICENSE: idType("Driver's License", '^[A-Z0-9]{6,10}$', 'B0000000'),
      NATIONAL_ID: idType('National ID', '^GHA-[A-Z0-9]{9}-[A-Z0-9]{1}$', ''),
      NEW_VOTER_ID: idType("New Voter's ID", '^[0-9]{10,12}$', '0000000000'),
      PASSPORT: idType('Passport', '^[A-Z]{1}[0-9]{7,9}$', 'G0000000'),
      // As the service writes it: the flag is meant, not the letters.
      SSNIT: idType('SSNIT', '^[A-Z]{1}[A-Z0-9]{12,14}$/i', 'C000000000000'),
      VOTER_ID: idType("Voter's ID", '^[0-9]{10,12}$', '0000000000'),
    },
  },
  KE: {
    name: 'Kenya',
    types: {
      ALIEN_CARD: idType('Alien Card', '^[0-9]{6,9}$', '000000'),
      DRIVERS_LICENSE: idType("Driver's License", '^[A-Z0-9]{6,10}$', 'B0000000', [
        'id_number',
        'citizenship',
      ]),
      KRA_PIN: idType('KRA PIN', '^[A-Z]{1}[0-9]{9}[A-Z]{1}$', 'A000000000P', ['id_number', 'citizenship']),
      NATIONAL_ID: idType('National ID', '^[0-9]{1,9}$', '00000000'),
      NATIONAL_ID_NO_PHOTO: idType('National ID (no photo)', '^[0-9]{1,9}$', '00000000'),
      PASSPORT: idType('Passport', '^[A-Z0-9]{7,9}$', 'A00000000'),
    },
  },
  NG: {
    name: 'Nigeria',
    types: {
      BANK_ACCOUNT: { label: 'Bank Account', needs: ['id_number', 'bank_code'], regex: '^[0-9]{10}$' },
      BVN: idType('Bank Verification Number', '^[0-9]{11}$', '00000000000'),
      BVN_MFA: { label: 'BVN with consent', needs: ['session_id'] },
      CAC: idType('CAC', '^(RC)?[0-9]{5,8}$', '0000000', ['id_number', 'company']),
      DRIVERS_LICENSE: idType("Driver's License", '^[a-zA-Z]{3}([ -]{1})?[A-Z0-9]{6,12}$', 'ABC000000000', [
        ...NAMES,
        'dob',
      ]),
      NIN: idType('National ID', '^[0-9]{11}$', '00000000000'),
      NIN_SLIP: idType('NIN Slip', '^[0-9]{11}$', '00000000000'),
      NIN_V2: idType('National ID v2', '^[0-9]{11}$', '00000000000'),
      PASSPORT: idType('Passport', '^[A-Z]{1}[0-9]{8}$', 'A00000000', [...NAMES, 'dob']),
      PHONE_NUMBER: idType('Phone Number', '^[0-9]{11}$', '00000000000', NAMES),
      TIN: idType('TIN', '^[0-9]{8,}-[0-9]{4,}$', '00000000-0000'),
      V_NIN: idType('Virtual NIN', '^[a-zA-Z0-9]{16}$', '0000000000000000'),
      VOTER_ID: idType("Voter's ID", '^[a-zA-Z0-9 ]{9,20}$', '0000000000000000000'),
    },
  },
  UG: {
    name: 'Uganda',
    types: { NATIONAL_ID_NO_PHOTO: idType('National ID (no photo)', '^[A-Z0-9]{14}$', '00000000000000') },
  },
  ZA: {
    name: 'South Africa',
    types: {
      NATIONAL_ID: idType('National ID', '^[0-9]{13}$', '0000000000000'),
      NATIONAL_ID_NO_PHOTO: idType('National ID (no photo)', '^[0-9]{13}$', '0000000000000'),
    },
  },
}

/** A fresh copy. */
export function servicesDocument() {
  return {
    bank_codes: [
      { name: 'Example Bank', code: '044', nip_code: '000014' },
      { name: 'Sample Bank', code: '058', nip_code: '000013' },
    ],
    id_types: mapValues(COUNTRIES, ({ types }) => mapValues(types, ({ needs }) => requiredFields(needs))),
    hosted_web: {
      basic_kyc: numberProduct(['first_name', 'last_name']),
      biometric_kyc: numberProduct([]),
      enhanced_kyc: numberProduct([]),
      ekyc_smartselfie: numberProduct([]),
      doc_verification: documentProduct({
        DRIVERS_LICENSE: { label: "Driver's License" },
        PASSPORT: { label: 'Passport' },
        VOTER_ID: { label: "Voter's ID" },
      }),
      enhanced_document_verification: documentProduct({
        DRIVERS_LICENSE: { label: "Driver's License" },
        PASSPORT: { label: 'Passport' },
      }),
    },
  }
}

interface IdTypeDetails {
  label: string
  required_fields: string[]
  test_data?: string
  id_number_regex?: string
}

/** A product that looks ID numbers up, by country; it may need more than the number. */
function numberProduct(more: readonly string[]) {
  return mapValues(COUNTRIES, ({ name, types }) => ({
    name,
    id_types: mapValues(types, (type) => detailsOf(type, more)),
  }))
}

function detailsOf({ label, needs, regex, test }: IdType, more: readonly string[]): IdTypeDetails {
  const details: IdTypeDetails = { label, required_fields: requiredFields(new Set([...needs, ...more])) }
  if (test !== undefined) details.test_data = test
  if (regex !== undefined) details.id_number_regex = regex
  return details
}

/** A product that looks at documents: the same ones in every country. */
function documentProduct(documents: Readonly<Record<string, { label: string }>>) {
  return mapValues(COUNTRIES, ({ name }) => ({
    name,
    id_types: mapValues(documents, (type) => ({ ...type })),
  }))
}

function requiredFields(needs: Iterable<string>): string[] {
  return ['country', 'id_type', ...needs, 'user_id', 'job_id']
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
