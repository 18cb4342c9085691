/** `multipart/form-data` (RFC 7578) of known length, its files never copied. */
import { type Body, type AttemptState, pieceBody } from '../http/body.ts'
import { utf8 } from '../platform/bytes.ts'

export interface Part {
  /** Like `fileName`, without quotes and line breaks. */
  name: string
  value: string | { fileName: string; type: string; bytes: Uint8Array }
}

export function multipart(parts: readonly Part[], attempt: AttemptState): Body {
  const boundary = `form-${crypto.randomUUID()}`
  const pieces = parts.flatMap((part) => partPieces(part, boundary))
  pieces.push(utf8(`--${boundary}--\r\n`))
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const { body, headers } = pieceBody({ length, pieces: () => pieces }, attempt)
  return { body: body!, headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

function partPieces({ name, value }: Part, boundary: string): Uint8Array[] {
  const disposition = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`
  if (typeof value === 'string') return [utf8(`${disposition}\r\n\r\n${value}\r\n`)]
  const head = `${disposition}; filename="${value.fileName}"\r\ncontent-type: ${value.type}\r\n\r\n`
  return [utf8(head), value.bytes, utf8('\r\n')]
}
