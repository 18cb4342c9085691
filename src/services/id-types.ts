/** What a services document says of countries and ID types. */
import { SmileIdInputError } from '../errors/classes.ts'
import { wrongType } from '../errors/issues.ts'
import { own } from '../input/objects.ts'
import { NO_SERVICES, type ServiceIdType, type Services } from './document.ts'

/** The countries of a product (all that have ID types without one), by their codes. */
export function listCountries(services: Services, product?: string): string[] {
  return read(() => {
    if (product === undefined) return Object.keys(services.id_types)
    return Object.keys(own(services.hosted_web, product) ?? {})
  })
}

/** The ID types of a country, for a product or for any. */
export function listIdTypes(services: Services, country: string, product?: string): string[] {
  return read(() => {
    if (product === undefined) return Object.keys(own(services.id_types, country) ?? {})
    return Object.keys(idTypesOf(services, country, product) ?? {})
  })
}

function idTypesOf(
  services: Services,
  country: string,
  product: string,
): Record<string, ServiceIdType> | undefined {
  return own(own(services.hosted_web, product), country)?.id_types
}

/**
 * What the service says about an ID type: of the product if one is named, else of the first product that has
 * it.
 */
export function describeIdType(
  services: Services,
  country: string,
  id_type: string,
  product?: string,
): ServiceIdType | undefined {
  return read(() => {
    const products = product === undefined ? Object.keys(services.hosted_web) : [product]
    const found = products
      .map((name) => own(idTypesOf(services, country, name), id_type))
      .filter((entry) => entry !== undefined)
    // Some products leave the format out that others name.
    return found.find(({ id_number_regex }) => id_number_regex) ?? found[0]
  })
}

/** The fields that an ID type needs. */
export function requiredFields(
  services: Services,
  country: string,
  id_type: string,
  product?: string,
): string[] {
  return read(() => {
    if (product === undefined) return own(own(services.id_types, country), id_type) ?? []
    return describeIdType(services, country, id_type, product)?.required_fields ?? []
  })
}

/**
 * The format of an ID type's numbers, `undefined` if the service names none that works.
 *
 * Some patterns of the document end in a literal `/i`, which would match nothing: it is read as the flag that
 * was meant.
 */
export function idNumberFormat(
  services: Services,
  country: string,
  id_type: string,
  product?: string,
): RegExp | undefined {
  const pattern = read(() => describeIdType(services, country, id_type, product)?.id_number_regex)
  if (!pattern || typeof pattern !== 'string') return undefined
  const [, body = '', flags] = /^\/?(.*?)(?:\/(i)?)?$/s.exec(pattern) ?? []
  try {
    return new RegExp(body, flags)
  } catch {
    return undefined
  }
}

/** Reads what may be no document, or one in which something is missing. */
function read<T>(from: () => T): T {
  try {
    return from()
  } catch {
    throw new SmileIdInputError([wrongType('services', NO_SERVICES)])
  }
}
