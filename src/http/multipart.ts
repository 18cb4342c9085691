/** `multipart/form-data` (RFC 7578) of known length, its files never copied. */
import { utf8 } from '../platform/bytes.ts'
import { type AttemptState, type Body, pieceBody, type Pieces } from './body.ts'
import { piecesOf } from './pieces.ts'

export interface Part {
  name: string
  value: string | FileValue
  /** Of a text. @default none, which stands for plain text */
  type?: string
}

interface FileValue {
  fileName: string
  type: string
  bytes: Uint8Array
}

/** A form that is written, to be sent as often as it takes. */
export interface Form {
  pieces: Pieces
  contentType: string
}

export function writeForm(parts: readonly Part[]): Form {
  // Random bits that nobody can foresee: no file can hold them.
  const boundary = `form-${crypto.randomUUID()}`
  const pieces = parts.flatMap((part) => partPieces(part, boundary))
  pieces.push(utf8(`--${boundary}--\r\n`))
  return { pieces: piecesOf(pieces), contentType: `multipart/form-data; boundary=${boundary}` }
}

export function formBody({ pieces, contentType }: Form, attempt: AttemptState): Body {
  const { body, headers } = pieceBody(pieces, attempt)
  return { body: body!, headers: { ...headers, 'content-type': contentType } }
}

function partPieces({ name, value, type }: Part, boundary: string): Uint8Array[] {
  const disposition = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`
  if (typeof value === 'string') {
    const typeLine = type === undefined ? '' : `\r\ncontent-type: ${type}`
    return [utf8(`${disposition}${typeLine}\r\n\r\n${value}\r\n`)]
  }
  const fileName = quoted(value.fileName)
  const head = `${disposition}; filename="${fileName}"\r\ncontent-type: ${value.type}\r\n\r\n`
  return [utf8(head), value.bytes, utf8('\r\n')]
}

/** As browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm"). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
