/** The results of ID lookups, by product. */
import type { JsonObject } from './model.ts'

export interface LookupOutcome {
  /** As the number's last digit says: 1012 for one that was found. */
  code: string
  body: JsonObject
  idNumber: string
  person: Readonly<Record<string, string>>
}

const FOUND = '1012'

const TEXTS: Readonly<Record<string, string>> = {
  1012: 'ID Number Validated',
  1013: 'Unable to Validate ID',
  1014: 'Unsupported ID number format',
  1015: 'Queried Database Unavailable',
  1020: 'Exact Match',
  1021: 'Partial Match',
  1022: 'No Match',
  1023: 'Not Found',
}

/** Enhanced KYC tells all that is known of a person. */
export function enhancedKycResult({ code, body, idNumber, person }: LookupOutcome): JsonObject {
  const found = code === FOUND
  return {
    ResultType: 'ID Verification',
    ResultText: TEXTS[code],
    ResultCode: code,
    IsFinalResult: 'true',
    Actions: {
      Verify_ID_Number: verification(code),
      Return_Personal_Info: found ? 'Returned' : 'Not Returned',
    },
    Country: body.country,
    IDType: body.id_type,
    IDNumber: idNumber,
    Source: 'ID API',
    ...(found ? { ...person, FullData: {} } : {}),
  }
}

function verification(code: string): string {
  if (code === FOUND) return 'Verified'
  return code === '1015' ? 'Issuer Unavailable' : 'Not Verified'
}

/** Basic KYC tells how well the given texts match, and nothing more. */
export function basicKycResult({ code, body, person }: LookupOutcome): JsonObject {
  const found = code === FOUND
  const matches = matchesOf(body, person)
  const resultCode = found ? matchCode(Object.values(matches)) : failureCode(code)
  const actions: Record<string, string> = { Verify_ID_Number: found ? 'Verified' : 'Not Verified' }
  if (found) {
    for (const [name, isMatch] of Object.entries(matches))
      actions[name] = isMatch ? 'Exact Match' : 'No Match'
  }
  return {
    ResultType: 'Basic KYC',
    ResultCode: resultCode,
    ResultText: TEXTS[resultCode],
    IsFinalResult: 'true',
    Source: 'ID API',
    Country: body.country,
    IDType: body.id_type,
    Actions: actions,
  }
}

/** Which of the given texts are those of the person. */
function matchesOf(body: JsonObject, person: Readonly<Record<string, string>>): Record<string, boolean> {
  const [lastName, firstName, middleName] = person.FullName!.split(' ')
  const expected = {
    first_name: firstName,
    middle_name: middleName,
    last_name: lastName,
    dob: person.DOB,
  }
  const matches: Record<string, boolean> = {}
  for (const [name, value] of Object.entries(expected)) {
    if (body[name] === undefined) continue
    matches[name] = String(body[name]).toLowerCase() === String(value).toLowerCase()
  }
  return matches
}

function matchCode(matches: readonly boolean[]): string {
  // Where nothing was compared, nothing matches.
  if (!matches.some(Boolean)) return '1022'
  return matches.every(Boolean) ? '1020' : '1021'
}

/** A number that is not found has a code of its own here. */
function failureCode(code: string): string {
  return code === '1013' ? '1023' : code
}
