/** A `multipart/form-data` body as it stands on the wire, with the headers of its parts. */

export interface RawPart {
  name: string
  /** Of files alone. */
  fileName?: string
  /** As it was said; nothing stands for plain text. */
  type?: string
  text: string
}

/** Reads a body after RFC 7578 as text, byte for byte; throws for what is none. */
export function readRawForm(bytes: Uint8Array, contentType: string): RawPart[] {
  const boundary = /^multipart\/form-data; boundary=([\w'()+,./:=?-]{1,70})$/.exec(contentType)?.[1]
  if (boundary === undefined) throw new Error('the content type names no boundary')
  const body = Buffer.from(bytes).toString('utf8')
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`)
  if (pieces[0] !== '' || pieces.at(-1) !== '--\r\n') throw new Error('the body does not begin or end as one')
  return pieces.slice(1, -1).map(readPart)
}

function readPart(piece: string): RawPart {
  const headEnd = piece.indexOf('\r\n\r\n')
  const head = new Headers()
  for (const line of piece.slice(2, headEnd).split('\r\n')) {
    const colon = line.indexOf(':')
    head.append(line.slice(0, colon), line.slice(colon + 1))
  }
  const disposition = head.get('content-disposition') ?? ''
  const [, name, fileName] = /^form-data; name="([^"]*)"(?:; filename="([^"]*)")?$/.exec(disposition) ?? []
  if (name === undefined) throw new Error('a part has no name')
  const type = head.get('content-type')
  return {
    name,
    ...(fileName !== undefined && { fileName }),
    ...(type !== null && { type }),
    text: piece.slice(headEnd + 4),
  }
}
