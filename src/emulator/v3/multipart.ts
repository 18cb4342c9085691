/** A multipart/form-data body, read byte by byte after RFC 7578, with nothing of a platform's parser. */
import type { Bytes } from '../../platform/bytes.ts'

export interface Part {
  name: string
  /** Absent for a part that is no file. */
  filename?: string
  /** As declared, in lower case and without parameters; empty where nothing is declared. */
  type: string
  bytes: Bytes
}

const CR = 13
const LF = 10
const DASH = 45

/** The boundary of a content type; `undefined` for what is no multipart/form-data, or has none. */
export function boundaryOf(contentType: string | null): string | undefined {
  const [essence = '', ...parameters] = (contentType ?? '').split(';')
  if (essence.trim().toLowerCase() !== 'multipart/form-data') return undefined
  for (const parameter of parameters) {
    const [, quoted, plain] = /^\s*boundary=(?:"([^"]+)"|([^\s"]+))\s*$/i.exec(parameter) ?? []
    const boundary = quoted ?? plain
    if (boundary !== undefined && boundary.length <= 70) return boundary
  }
  return undefined
}

/** All parts in their order; `undefined` for a body that is not built as the RFC has it. */
export function readParts(body: Bytes, boundary: string): Part[] | undefined {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  // The first delimiter has no line before it.
  if (!startsWith(body, delimiter.subarray(2), 0)) return undefined
  const parts: Part[] = []
  let at = delimiter.length - 2
  while (!isEnd(body, at)) {
    if (body[at] !== CR || body[at + 1] !== LF) return undefined
    const end = find(body, delimiter, at + 2)
    if (end === undefined) return undefined
    const part = readPart(body.subarray(at + 2, end))
    if (!part) return undefined
    parts.push(part)
    at = end + delimiter.length
  }
  return parts
}

/** Whether the delimiter before was the last. */
function isEnd(body: Bytes, at: number): boolean {
  return body[at] === DASH && body[at + 1] === DASH
}

function readPart(bytes: Bytes): Part | undefined {
  const headEnd = find(bytes, Uint8Array.of(CR, LF, CR, LF), 0)
  if (headEnd === undefined) return undefined
  const head = new TextDecoder().decode(bytes.subarray(0, headEnd))
  const headers = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) return undefined
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const disposition = headers.get('content-disposition') ?? ''
  const name = parameterOf(disposition, NAME)
  if (!/^form-data\s*;/i.test(disposition) || name === undefined) return undefined
  const filename = parameterOf(disposition, FILENAME)
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const part: Part = { name, type: type.trim().toLowerCase(), bytes: bytes.subarray(headEnd + 4) }
  if (filename !== undefined) part.filename = filename
  return part
}

const NAME = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/i
const FILENAME = /;\s*filename=(?:"([^"]*)"|([^\s;"]+))/i

/** Quotes and line ends within stand there in percent-encoding, as browsers write them. */
function parameterOf(disposition: string, pattern: RegExp): string | undefined {
  const [, quoted, plain] = pattern.exec(disposition) ?? []
  const text = quoted ?? plain
  return text?.replace(/%(22|0D|0A)/gi, (code) => decodeURIComponent(code))
}

function find(bytes: Bytes, wanted: Bytes, from: number): number | undefined {
  let at = bytes.indexOf(wanted[0]!, from)
  while (at >= 0) {
    if (startsWith(bytes, wanted, at)) return at
    at = bytes.indexOf(wanted[0]!, at + 1)
  }
  return undefined
}

function startsWith(bytes: Bytes, wanted: Bytes, at: number): boolean {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[at + i] !== wanted[i]) return false
  }
  return true
}
