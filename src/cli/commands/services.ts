import {
  describeIdType,
  getServices,
  idNumberFormat,
  listCountries,
  listIdTypes,
  requiredFields,
  type Services,
} from '../../services.ts'
import { inputError, issue } from '../../errors/issues.ts'
import { command } from '../command.ts'
import { lines, plain } from '../io.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'

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
  async run({ given: { product, json, ...given }, words: [country, type], io, stop }) {
    const document = await getServices(await openClient(given, io), { signal: stop })
    const found = look(document, country, type, product)
    if (json) io.out(JSON.stringify(country === undefined && product === undefined ? document : found))
    else
      io.out(
        Array.isArray(found)
          ? found.map(plain).join('\n')
          : lines({ ...found, required_fields: found.required_fields.join(', ') }),
      )
    return 'done'
  },
})

function look(
  document: Services,
  country: string | undefined,
  type: string | undefined,
  product: string | undefined,
) {
  if (product !== undefined && !listCountries(document, product).length)
    throw inputError([
      issue(
        '--product',
        'not_allowed',
        `is not one of ${Object.keys(document.hosted_web).map(plain).join(', ')}`,
      ),
    ])
  if (country === undefined) return listCountries(document, product)
  const types = listIdTypes(document, country, product)
  if (!types.length)
    throw inputError([
      issue(
        'COUNTRY',
        'not_allowed',
        `is not one of ${listCountries(document, product).map(plain).join(', ')}`,
      ),
    ])
  if (type === undefined) return types
  if (!types.includes(type))
    throw inputError([issue('ID_TYPE', 'not_allowed', `is not one of ${types.map(plain).join(', ')}`)])
  const { label, test_data } = describeIdType(document, country, type, product) ?? {}
  return {
    label,
    required_fields: requiredFields(document, country, type, product),
    format: idNumberFormat(document, country, type, product)?.source,
    test_data,
  }
}
