/** `smileid services`: lists countries and ID types, and describes one. */
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
import { V3_FLAG } from '../generation.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'
import { formatPairs, printable } from '../text.ts'
import { notOneOf } from './services/not-one-of.ts'
import { SERVICES_FLAGS, showServicesOfV3 } from './v3/services.ts'

export const services = command({
  summary: 'What countries and ID types the service knows',
  operands: ['[COUNTRY]', '[ID_TYPE]'],
  v3: { operands: ['[COUNTRY]', '[ID_TYPE]'] },
  flags: {
    product: {
      kind: 'text',
      only: 'v1',
      value: 'NAME',
      help: 'only for this product, such as basic_kyc, enhanced_kyc, biometric_kyc or doc_verification',
    },
    json: { kind: 'switch', help: 'print JSON, for scripts; the whole document when no country is named' },
    ...SERVICES_FLAGS,
    ...V3_FLAG,
    ...CLIENT_FLAGS,
  },
  examples: [
    'services',
    'services NG --product enhanced_kyc',
    'services NG BVN --json',
    'services --v3 NG BVN --health',
  ],
  async run(call) {
    if (call.generation === 'v3') return showServicesOfV3(call)
    const { values, positionals, io, signal } = call
    const [country, idType] = positionals
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
