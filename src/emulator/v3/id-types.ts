/** The ID types of a country, and the form of their numbers. */
import { own } from '../../input/objects.ts'
import { fits } from '../lookup.ts'
import { COUNTRIES, type IdType } from '../services-document.ts'

/** The code of a country that is named by its code or by its name, in any case. */
export function countryCode(codeOrName: string): string | undefined {
  const wanted = codeOrName.toUpperCase()
  if (/^[A-Z]{2}$/.test(wanted)) return wanted
  return Object.keys(COUNTRIES).find((code) => COUNTRIES[code]!.name.toUpperCase() === wanted)
}

export function idTypeOf(country: string, idType: string): IdType | undefined {
  return own(own(COUNTRIES, country)?.types, idType)
}

export function isIdNumber({ regex }: IdType, idNumber: string): boolean {
  return regex === undefined ? idNumber !== '' : fits(idNumber, regex)
}
