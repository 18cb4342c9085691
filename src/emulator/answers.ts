/** Answers as the endpoints make them, and the checks of members that several of them share. */
import type { Answer, JsonObject } from './model.ts'

/** `{ error, code }`: with HTTP 400 for nearly everything, 429 for a blocked ID number. */
export function refuse(code: string, error: string): Answer {
  return {
    status: code === '2222' ? 429 : 400,
    body: { error, code },
    committed: false,
    signing: 'none',
  }
}

/** An answer that tells something and changes nothing. */
export function tell(body: JsonObject, signing: Answer['signing'] = 'none'): Answer {
  return { status: 200, body, committed: false, signing }
}

/** The refusal of a body that lacks one of these members. */
export function refuseMissing(body: JsonObject, names: readonly string[], code: string): Answer | undefined {
  const missing = names.find((name) => !body[name])
  return missing === undefined ? undefined : refuse(code, `"${missing}" is required`)
}

/** The refusal of a body in which one of these members is no text, or an empty one. */
export function refuseNonText(body: JsonObject, names: readonly string[]): Answer | undefined {
  for (const name of names) {
    if (body[name] === undefined || body[name] === '') return refuse('2213', `"${name}" is required`)
    if (typeof body[name] !== 'string') return refuse('2204', `"${name}" must be a string`)
  }
  return undefined
}

export function refuseUsedJobId(): Answer {
  return refuse('2215', 'Job already exists. Did you mean to set the retry flag to true?')
}

/** Flags come as booleans or as texts: old documentation has both. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}
