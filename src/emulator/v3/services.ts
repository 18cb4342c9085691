/** `GET /v3/services/…`: what the service supports, and how its sources are. */
import { own } from '../../input/objects.ts'
import { COUNTRIES, type IdType } from '../services-document.ts'
import { answer, badRequest, v3Error } from './answers.ts'
import { countryCode, idTypeOf } from './id-types.ts'
import type { V3Answer, V3Call, V3State } from './model.ts'

const BANKS = [
  { code: '044', country: 'NG', name: 'Example Bank' },
  { code: '058', country: 'NG', name: 'Sample Bank' },
  { code: '250655', country: 'ZA', name: 'Example Bank of South Africa' },
]

export function bankCodes(_: V3State, { url }: V3Call): V3Answer {
  return answer(200, { bank_codes: BANKS.filter(ofCountry(url)) })
}

export function supportedIdTypes(_: V3State, { url }: V3Call): V3Answer {
  const types = Object.entries(COUNTRIES).flatMap(([country, { types: ofThisCountry }]) =>
    Object.entries(ofThisCountry).flatMap(([type, details]) => entriesOf(country, type, details)),
  )
  return answer(200, { id_types: types.filter(ofCountry(url)) })
}

function ofCountry(url: URL): (row: { country: string }) => boolean {
  const wanted = url.searchParams.get('country')
  return ({ country }) => wanted === null || country === wanted
}

/** A bank account stands there once for each bank. */
function entriesOf(country: string, type: string, { label, regex, needs }: IdType) {
  const entry = {
    country,
    type,
    label,
    regex: regex ?? '.+',
    required_fields: ['country', 'id_type', ...needs],
  }
  if (type !== 'BANK_ACCOUNT') return [entry]
  return BANKS.filter((bank) => bank.country === country).map(({ code, name }) => ({
    ...entry,
    label: `${label} (${name})`,
    bank_code: code,
  }))
}

const DOCUMENT_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'en-GB': {
    DRIVERS_LICENSE: "Driver's License",
    PASSPORT: 'Passport',
    VOTER_ID: "Voter's ID",
    '': 'Others',
  },
  'fr-FR': {
    DRIVERS_LICENSE: 'Permis de conduire',
    PASSPORT: 'Passeport',
    VOTER_ID: "Carte d'électeur",
    '': 'Autres',
  },
  'ar-EG': { DRIVERS_LICENSE: 'رخصة القيادة', PASSPORT: 'جواز السفر', VOTER_ID: 'بطاقة الناخب', '': 'أخرى' },
}

export function supportedDocuments(_: V3State, { operation, url }: V3Call): V3Answer {
  const wanted = url.searchParams.get('country_code')
  if (wanted !== null && !/^[A-Z]{2}$/.test(wanted)) {
    const message =
      'Country Code must be a valid ISO 3166-1 alpha-2 country code ' +
      'consisting of exactly two uppercase letters.'
    return v3Error(operation, 400, message)
  }
  const continent = url.searchParams.get('continent')
  const names = own(DOCUMENT_NAMES, url.searchParams.get('locale') ?? 'en-GB') ?? DOCUMENT_NAMES['en-GB']!
  const documents = Object.entries(COUNTRIES)
    .filter(([code]) => wanted === null || code === wanted)
    .map(([code, { name }]) => ({
      country: { code, name, continent: 'AFRICA' },
      id_types: Object.entries(names).map(documentOf),
    }))
  const isElsewhere = continent !== null && continent !== 'AFRICA'
  return answer(200, { valid_documents: isElsewhere ? [] : documents })
}

function documentOf([code, name]: [string, string]) {
  return { code, name, example: code === '' ? [] : ['A00000000'], has_back: code !== 'PASSPORT' }
}

export function idStatus(state: V3State, { operation, url }: V3Call): V3Answer {
  const country = url.searchParams.get('country')
  const idType = url.searchParams.get('id_type')
  if (!country) return badRequest(operation, '"country" is required')
  if (!idType) return badRequest(operation, '"id_type" is required')
  const code = countryCode(country)
  if (code === undefined || !Object.hasOwn(COUNTRIES, code)) return badRequest(operation, 'Invalid country')
  const type = idTypeOf(code, idType)
  if (!type) return badRequest(operation, 'Invalid id_type for the given country')
  // Types that nobody can test have no figures either.
  if (type.test === undefined) {
    return badRequest(operation, `No data found. Check that ${code} and ${idType} are valid inputs`)
  }
  return answer(200, {
    last_checked: new Date(state.now()).toISOString(),
    last_check_status: 'success',
    last_hour_success_rate: '97%',
    last_known_status: 'online',
    last_check_success_rate: '92%',
  })
}

/** Used by the vendor's own apps, and nowhere documented. */
export function config(_: V3State, { token }: V3Call): V3Answer {
  const types = Object.entries(COUNTRIES).map(([code, { types: ofCountryCode }]) => [
    code,
    Object.keys(ofCountryCode),
  ])
  const byCountry = Object.fromEntries(types)
  return answer(200, {
    consentRequired: {},
    idSelection: { enhanced_kyc: byCountry, biometric_kyc: byCountry },
    token_provided_fields: Object.keys(token.payload ?? {}),
  })
}
