/** `smileid services`: lists countries and ID types, and describes one. */
import { SmileIdInputError } from '../../errors/classes.ts'
import { issue } from '../../errors/issues.ts'
import {
  describeIdType,
  getServices,
  idNumberFormat,
  listCountries,
  listIdTypes,
  requiredFields,
  type Services,
} from '../../services.ts'
import { command } from '../command.ts'
import { editDistance } from '../../platform/edit-distance.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'
import { formatPairs, printable } from '../text.ts'

export const services = command({
  summary: 'What countries and ID types the service knows',
  operands: ['[COUNTRY]', '[ID_TYPE]'],
  flags: {
    product: {
      kind: 'text',
      value: 'NAME',
      help: 'only for this product, such as basic_kyc, enhanced_kyc, biometric_kyc or doc_verification',
    },
    json: { kind: 'switch', help: 'print JSON, for scripts; the whole document when no country is named' },
    ...CLIENT_FLAGS,
  },
  examples: ['services', 'services NG --product enhanced_kyc', 'services NG BVN --json'],
  async run({ values, positionals: [country, idType], io, signal }) {
    const { product, json, ...clientValues } = values
    const client = await openClient(clientValues, io)
    const document = await getServices(client, { signal })
    const found = findServices(document, { country, idType, product })
    if (json) {
      const isWhole = country === undefined && product === undefined
      io.out(JSON.stringify(isWhole ? document : found))
    } else if (Array.isArray(found)) {
      io.out(found.map(printable).join('\n'))
    } else {
      io.out(formatPairs({ ...found, required_fields: found.required_fields.join(', ') }))
    }
    return 'done'
  },
})

interface Selection {
  country: string | undefined
  idType: string | undefined
  product: string | undefined
}

interface IdTypeDescription {
  label: string | undefined
  required_fields: string[]
  format: string | undefined
  test_data: unknown
}

/** Countries, the ID types of one, or what one ID type needs. */
function findServices(
  document: Services,
  { country, idType, product }: Selection,
): string[] | IdTypeDescription {
  const countries = listCountries(document, product)
  if (product !== undefined && countries.length === 0) {
    throw notOneOf('--product', { given: product, known: Object.keys(document.hosted_web) })
  }
  if (country === undefined) return countries
  const idTypes = listIdTypes(document, country, product)
  if (idTypes.length === 0) throw notOneOf('COUNTRY', { given: country, known: countries })
  if (idType === undefined) return idTypes
  if (!idTypes.includes(idType)) throw notOneOf('ID_TYPE', { given: idType, known: idTypes })
  const { label, test_data } = describeIdType(document, country, idType, product) ?? {}
  return {
    label,
    required_fields: requiredFields(document, country, idType, product),
    format: idNumberFormat(document, country, idType, product)?.source,
    test_data,
  }
}

function notOneOf(
  path: string,
  { given, known }: { given: string; known: readonly string[] },
): SmileIdInputError {
  const names = known.map(printable).join(', ')
  const meant = nearestOf(given, known)
  const proposal = meant === undefined ? '' : `: did you mean ${printable(meant)}?`
  return new SmileIdInputError([issue(path, 'not_allowed', `is not one of ${names}${proposal}`)])
}

/** The name that differs in case and separators alone, or by a slip in a longer one. */
function nearestOf(given: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.toUpperCase().replace(/[\s_-]/g, '')
  const same = known.find((name) => plain(name) === plain(given))
  if (same !== undefined || given.length < 4) return same
  return known.find((name) => editDistance(plain(name), plain(given)) <= 2)
}
