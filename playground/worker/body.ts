/** Bodies, no longer than a route wants them. */
import type { InputIssue } from 'smileid-edge/errors'
import { invalid, Refusal } from './problem.ts'

/**
 * What is sent beyond this is cut off; up to it, a browser gets to hear why it was refused, which it does not
 * if it is cut off while it sends.
 */
const PATIENCE_BYTES = 120_000_000

/** Keeps no more than is wanted, whatever the headers say. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader!.read()) {
    length += piece.value.length
    if (length <= maxBytes) pieces.push(piece.value)
    else pieces.length = 0
    if (length > PATIENCE_BYTES) await reader!.cancel()
  }
  if (length > maxBytes)
    throw new Refusal(413, 'too_large', `At most ${Math.floor(maxBytes / 1_000_000)} MB can be sent here.`, {
      max_bytes: maxBytes,
    })
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** Lets a refused request send what it is sending. */
export async function drain(request: Request): Promise<void> {
  if (!request.bodyUsed) await readBytes(request, 0).catch(() => {})
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(request, maxBytes))
  } catch (error) {
    throw error instanceof Refusal
      ? error
      : new Refusal(422, 'not_utf8', 'The text is not UTF-8: save it as "CSV UTF-8".')
  }
}

export async function readJson(request: Request, maxBytes = 16_384): Promise<Record<string, unknown>> {
  const text = await readText(request, maxBytes)
  try {
    const value: unknown = JSON.parse(text || '{}')
    if (typeof value === 'object' && value && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Said below; a parser's message would quote what it received.
  }
  throw new Refusal(400, 'malformed', 'The body must be a JSON object.')
}

export interface Form {
  /** The text of a field; listed as missing when it is not there. */
  text(name: string): string
  /** The same where it may be missing. */
  given(name: string): string | undefined
  file(name: string): Blob | undefined
  /** All files of one name. */
  files(name: string): Blob[]
  issues: InputIssue[]
  /** Throws if anything was wrong so far. */
  check(): void
}

export async function readForm(request: Request, maxBytes: number): Promise<Form> {
  const bytes = await readBytes(request, maxBytes)
  const data = await new Response(bytes, {
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  })
    .formData()
    .catch(() => {
      throw new Refusal(400, 'malformed', 'The body must be a form.')
    })
  const issues: InputIssue[] = []
  const given = (name: string) => {
    const value = data.get(name)
    return typeof value === 'string' && value.trim() ? value.trim() : undefined
  }
  const files = (name: string) =>
    data.getAll(name).filter((value): value is File => value instanceof Blob && value.size > 0)
  return {
    issues,
    given,
    files,
    text(name) {
      const value = given(name)
      if (value === undefined) issues.push({ path: name, code: 'missing', message: 'is missing' })
      return value ?? ''
    },
    file(name) {
      const value = data.get(name)
      return value instanceof Blob && value.size > 0 ? value : undefined
    },
    check() {
      if (issues.length) throw invalid(issues)
    },
  }
}
