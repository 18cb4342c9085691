/** `multipart/form-data` (RFC 7578) of known length, its files never copied. */
import { type Body, type Life, pieceBody } from '../http/body.ts'

export interface Part {
  name: string
  /** Of the part; neither it nor `fileName` may hold a quote or a line break. */
  value: string | { fileName: string; type: string; bytes: Uint8Array }
}

export function multipart(parts: readonly Part[], life: Life): Body {
  const boundary = `form-${crypto.randomUUID()}`
  const encoder = new TextEncoder()
  const pieces = [
    ...parts.flatMap(({ name, value }) => {
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`
      if (typeof value === 'string') return [encoder.encode(`${head}\r\n\r\n${value}\r\n`)]
      return [
        encoder.encode(`${head}; filename="${value.fileName}"\r\ncontent-type: ${value.type}\r\n\r\n`),
        value.bytes,
        encoder.encode('\r\n'),
      ]
    }),
    encoder.encode(`--${boundary}--\r\n`),
  ]
  const { body, headers } = pieceBody(
    { length: pieces.reduce((sum, piece) => sum + piece.length, 0), pieces: () => pieces },
    life,
  )
  return { body: body!, headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
