/** `smileid services --v3`: ID types, documents and banks that v3 supports. */
import type { Client } from '../../../client.ts'
import { issue, throwIfAny } from '../../../errors/issues.ts'
import type { BankCode, SupportedDocuments, SupportedIdType } from '../../../v3/services.ts'
import type { Call } from '../../command.ts'
import type { Exit } from '../../exit.ts'
import type { FlagOf, Flags } from '../../flags.ts'
import { type CLIENT_FLAGS, openClient } from '../../settings.ts'
import { formatPairs, printable } from '../../text.ts'
import { notOneOf } from '../services/not-one-of.ts'

export const SERVICES_FLAGS = {
  documents: { kind: 'switch', only: 'v3', help: 'documents in place of ID types' },
  banks: { kind: 'switch', only: 'v3', help: 'codes of banks in place of ID types' },
  health: { kind: 'switch', only: 'v3', help: 'with ID_TYPE: how its authority answered in the last hour' },
} as const satisfies Flags

type ServicesCall = Call<typeof CLIENT_FLAGS & typeof SERVICES_FLAGS & { json: FlagOf<'switch'> }>

export async function showServicesOfV3(call: ServicesCall): Promise<Exit> {
  const { values, positionals, io } = call
  checkChoice(call)
  const client = await openClient(values, io)
  const [country, idType] = positionals
  const found = await find(client, call, { country, idType })
  if (values.json) io.out(JSON.stringify(found))
  else if (isTextList(found)) io.out(found.map(printable).join('\n'))
  else
    io.out(
      [found]
        .flat()
        .map((one) => formatPairs(described(one)))
        .join('\n\n'),
    )
  return 'done'
}

/** @throws {SmileIdInputError} `invalid_input`: flags that do not go together. */
function checkChoice({ values, positionals }: ServicesCall): void {
  const chosen = (['documents', 'banks', 'health'] as const).filter((name) => values[name])
  const [, second] = chosen
  const issues =
    second === undefined ? [] : [issue(`--${second}`, 'not_allowed', `stands beside --${chosen[0]}`)]
  if (values.health && positionals.length < 2) {
    issues.push(issue('--health', 'not_allowed', 'goes with COUNTRY and ID_TYPE'))
  }
  if ((values.documents || values.banks) && positionals.length > 1) {
    issues.push(issue('ID_TYPE', 'not_allowed', `does not go with --${chosen[0]}`))
  }
  throwIfAny(issues)
}

interface Selection {
  country: string | undefined
  idType: string | undefined
}

type Described = Readonly<Record<string, unknown>>
type Found = string[] | Described | Described[]

async function find(
  client: Client,
  { values, signal }: ServicesCall,
  { country, idType }: Selection,
): Promise<Found> {
  const doors = await import('../../../v3/services.ts')
  const options = { signal }
  if (values.health) return doors.getIdStatus(client, { country: country!, id_type: idType! }, options)
  if (values.documents) {
    const { valid_documents } = await doors.getSupportedDocuments(client, {}, options)
    return findDocuments(valid_documents, country)
  }
  if (values.banks) return findBanks((await doors.getBankCodes(client, {}, options)).bank_codes, country)
  const { id_types } = await doors.getSupportedIdTypes(client, {}, options)
  return findIdTypes(id_types, { country, idType })
}

function findDocuments(all: SupportedDocuments['valid_documents'], country: string | undefined): Found {
  const rows = all.map((one) => ({ country: one.country.code, id_types: one.id_types }))
  if (country === undefined) return countriesOf(rows)
  return inCountry(rows, country).flatMap(({ id_types }) =>
    id_types.map(({ code, name, has_back }) => ({ code, name, has_back })),
  )
}

function findBanks(all: readonly BankCode[], country: string | undefined): Found {
  if (country === undefined) return countriesOf(all)
  return inCountry(all, country).map(({ code, name }) => ({ code, name }))
}

/** Countries, the ID types of one, or what one ID type needs: once for each operator or bank. */
function findIdTypes(all: readonly SupportedIdType[], { country, idType }: Selection): Found {
  if (country === undefined) return countriesOf(all)
  const here = inCountry(all, country)
  const types = unique(here.map(({ type }) => type))
  if (idType === undefined) return types
  if (!types.includes(idType)) throw notOneOf('ID_TYPE', { given: idType, known: types })
  const rows = here.filter(({ type }) => type === idType)
  return rows.map(({ label, required_fields, regex, bank_code }) => ({
    label,
    required_fields,
    format: regex,
    bank_code,
  }))
}

/** @throws {SmileIdInputError} `invalid_input`: the country has no row. */
function inCountry<T extends { country: string }>(rows: readonly T[], country: string): T[] {
  const here = rows.filter((row) => row.country === country)
  if (here.length === 0) throw notOneOf('COUNTRY', { given: country, known: countriesOf(rows) })
  return here
}

function countriesOf(rows: readonly { country: string }[]): string[] {
  return unique(rows.map(({ country }) => country))
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

function isTextList(found: unknown): found is string[] {
  return Array.isArray(found) && found.every((one) => typeof one === 'string')
}

function described(one: Described): Described {
  const { required_fields, ...rest } = one
  return Array.isArray(required_fields) ? { ...rest, required_fields: required_fields.join(', ') } : one
}
