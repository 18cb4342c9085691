/** A callback as people save it: its body alone, or with the headers that v3 signs. */
import { parseObject } from '../../../input/json.ts'
import { isObject } from '../../../input/objects.ts'
import type { Generation } from '../../generation.ts'

export interface SavedCallback {
  /** By names in lower case; `undefined` where the body alone was saved. */
  headers: Readonly<Record<string, string>> | undefined
  body: string
}

/**
 * Reads `{ "headers": …, "body": … }`, or an HTTP message: its headers, an empty line and the body. Anything
 * else is a body.
 */
export function readSavedCallback(text: string): SavedCallback {
  return readWrapped(text) ?? readMessage(text) ?? { headers: undefined, body: text }
}

/** v3 signs in headers. Some of v1 are signed there, too, so that the body has the last word. */
export function generationOfCallback({ headers = {}, body }: SavedCallback): Generation {
  const isSigned = SIGNED_HEADERS.some((name) => name in headers)
  const result = parseObject(body) ?? {}
  return isSigned && !MEMBERS_OF_V1.some((name) => name in result) ? 'v3' : 'v1'
}

/** Whether a body is one of v3, whose headers were not saved. */
export function isBodyOfV3({ headers, body }: SavedCallback): boolean {
  const { status, message, signature } = parseObject(body) ?? {}
  return headers === undefined && signature === undefined && [status, message].every(isText)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

const SIGNED_HEADERS = ['response-signature', 'response-timestamp']
const MEMBERS_OF_V1 = ['ResultCode', 'SmileJobID', 'job_complete']

function readWrapped(text: string): SavedCallback | undefined {
  const { headers, body: given, isBase64Encoded } = parseObject(text) ?? {}
  if (!isObject(headers) || given === undefined) return undefined
  // As functions behind AWS's gateways get it.
  const isEncoded = isBase64Encoded === true && typeof given === 'string'
  const body = isEncoded ? Buffer.from(given, 'base64').toString() : given
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    // Gateways have a list where a header may stand several times.
    String(Array.isArray(value) ? value[0] : value),
  ])
  return { headers: Object.fromEntries(pairs), body: typeof body === 'string' ? body : JSON.stringify(body) }
}

const HEADER_LINE = /^([\w-]+):(.*)$/

function readMessage(text: string): SavedCallback | undefined {
  const [, head = '', body = ''] = /^(.+?)\r?\n\r?\n(.*)$/s.exec(text.trimStart()) ?? []
  const lines = head.split(/\r?\n/)
  const isRequest = / HTTP\/[\d.]+$/.test(lines[0] ?? '')
  const headers: Record<string, string> = {}
  for (const line of isRequest ? lines.slice(1) : lines) {
    const [, name, value = ''] = HEADER_LINE.exec(line) ?? []
    if (name === undefined) return undefined
    headers[name.toLowerCase()] = value.trim()
  }
  return { headers, body }
}
