/**
 * Signatures as they are made by mistake: which of the known wrong recipes, or which few of them together,
 * gave this one.
 */
import { createHash, createHmac } from 'node:crypto'
import { parseTimestamp } from '../../../signature/timestamp.ts'

export interface Refused {
  partnerId: string
  apiKey: string
  previousKey?: string | undefined
  /** As it was sent. */
  timestamp: string
  signature: string
}

/** One way to do one part of it: what is wrong with it, nothing for the right way. */
type Way<T> = readonly [fault: string, value: T]

/**
 * What is wrong with how the signature was made, the fewest faults that explain it; empty when it is right,
 * `undefined` when nothing known gives it.
 */
export function explainSignature(refused: Refused): string[] | undefined {
  let best: string[] | undefined
  for (const [keyFault, key] of keysOf(refused)) {
    for (const [partnerFault, partnerId] of partnersOf(refused.partnerId)) {
      for (const [timeFault, timestamp] of timesOf(refused.timestamp)) {
        for (const [orderFault, message] of messagesOf(timestamp, partnerId)) {
          for (const [hashFault, mac] of hashesOf(key, message)) {
            const faults = [hashFault, keyFault, timeFault, partnerFault, orderFault].filter(Boolean)
            if (best && faults.length >= best.length) continue
            for (const [writingFault, signature] of writingsOf(mac)) {
              const all = writingFault ? [...faults, writingFault] : faults
              if (signature === refused.signature && (!best || all.length < best.length)) best = all
            }
          }
        }
      }
    }
  }
  return best
}

function keysOf({ apiKey, previousKey }: Refused): Way<Buffer>[] {
  const text = (key: string) => Buffer.from(key, 'utf8')
  return [
    ['', text(apiKey)],
    ['the key was base64-decoded: it is used as the text that it is', Buffer.from(apiKey, 'base64')],
    ...(/^([0-9a-f]{2})+$/i.test(apiKey)
      ? [['the key was hex-decoded: it is used as the text that it is', Buffer.from(apiKey, 'hex')] as const]
      : []),
    ['the key had a line break at its end', text(`${apiKey}\n`)],
    ['the key had a line break (CR LF) at its end', text(`${apiKey}\r\n`)],
    ['the key had a space at its end', text(`${apiKey} `)],
    ['the key had a space before it', text(` ${apiKey}`)],
    ['the key stood in quotes, which became part of it', text(`"${apiKey}"`)],
    ...(previousKey ? [['it was made with the previous key', text(previousKey)] as const] : []),
  ]
}

function partnersOf(partnerId: string): Way<string>[] {
  const digits = /^\d+$/.test(partnerId)
  const bare = digits ? String(Number(partnerId)) : partnerId
  const padded = digits
    ? [3, 4].map((width) => bare.padStart(width, '0')).filter((id) => id !== partnerId && id !== bare)
    : []
  return [
    ['', partnerId],
    ...(bare === partnerId
      ? []
      : [[`the partner id was taken as a whole number, ${bare}: its leading zeros count`, bare] as const]),
    ...padded.map((id) => [`the partner id was written ${id}, unlike here`, id] as const),
    ['the partner id was left out', ''],
  ]
}

function timesOf(sent: string): Way<string>[] {
  const at = parseTimestamp(sent)
  const date = new Date(Math.abs(at) < 1e10 ? at * 1000 : Math.abs(at) > 1e14 ? at / 1000 : at)
  if (Number.isNaN(date.getTime())) return [['', sent]]
  const iso = date.toISOString()
  const signed = (what: string) =>
    `what was signed is ${what}, another text than the timestamp that was sent: sign and send the very same`
  return [
    ['', sent],
    [signed('ISO 8601 with milliseconds and Z'), iso],
    [signed('ISO 8601 without milliseconds'), iso.replace(/\.\d+Z$/, 'Z')],
    [signed('ISO 8601 with +00:00'), iso.replace('Z', '+00:00')],
    [signed('ISO 8601 with +00:00 and no milliseconds'), iso.replace(/\.\d+Z$/, '+00:00')],
    [signed('ISO 8601 with microseconds and +00:00'), iso.replace('Z', '000+00:00')],
    [signed('ISO 8601 with microseconds and Z'), iso.replace('Z', '000Z')],
    [signed('ISO 8601 without a zone'), iso.replace('Z', '')],
    [signed('seconds since 1970'), String(Math.floor(date.getTime() / 1000))],
    [signed('milliseconds since 1970'), String(date.getTime())],
    [signed('microseconds since 1970'), String(date.getTime() * 1000)],
  ]
}

const SUFFIX = 'sid_request'

function messagesOf(timestamp: string, partnerId: string): Way<string>[] {
  const order = (...parts: readonly string[]) =>
    `in the wrong order, ${parts.join(', ')}: it is timestamp, partner id, ${SUFFIX}`
  return [
    ['', timestamp + partnerId + SUFFIX],
    [`without ${SUFFIX} at the end`, timestamp + partnerId],
    [`without ${SUFFIX}, and ${order('partner id', 'timestamp')}`, partnerId + timestamp],
    [order('partner id', 'timestamp', SUFFIX), partnerId + timestamp + SUFFIX],
    [order('timestamp', SUFFIX, 'partner id'), timestamp + SUFFIX + partnerId],
    [order('partner id', SUFFIX, 'timestamp'), partnerId + SUFFIX + timestamp],
    [order(SUFFIX, 'timestamp', 'partner id'), SUFFIX + timestamp + partnerId],
    [order(SUFFIX, 'partner id', 'timestamp'), SUFFIX + partnerId + timestamp],
    ...[':', '|', ' ', '\n', '+', '.', ''].map(
      (between) =>
        [
          'with something between the parts, or after them, where nothing belongs',
          between ? [timestamp, partnerId, SUFFIX].join(between) : `${timestamp}${partnerId}${SUFFIX}\n`,
        ] as const,
    ),
  ]
}

function hashesOf(key: Buffer, message: string): Way<Buffer>[] {
  return [
    ['', createHmac('sha256', key).update(message).digest()],
    ['with key and message swapped', createHmac('sha256', message).update(key).digest()],
    ['as plain SHA-256 of the message, instead of HMAC', createHash('sha256').update(message).digest()],
    [
      'as plain SHA-256 with the key before the message, instead of HMAC',
      createHash('sha256').update(key).update(message).digest(),
    ],
    [
      'as plain SHA-256 with the key after the message, instead of HMAC',
      createHash('sha256').update(message).update(key).digest(),
    ],
    ['with SHA-1 instead of SHA-256', createHmac('sha1', key).update(message).digest()],
    ['with SHA-512 instead of SHA-256', createHmac('sha512', key).update(message).digest()],
  ]
}

function writingsOf(mac: Buffer): Way<string>[] {
  const [base64, hex] = [mac.toString('base64'), mac.toString('hex')]
  return [
    ['', base64],
    ['written as hex instead of base64', hex],
    ['written as hex instead of base64, in capitals', hex.toUpperCase()],
    ['hex that was then base64-encoded: the bytes of the hash are encoded, not their hex', btoa(hex)],
    ['base64 without its padding (=)', base64.replace(/=+$/, '')],
    [
      'in the URL-safe alphabet of base64 (- and _ for + and /)',
      base64.replaceAll('+', '-').replaceAll('/', '_'),
    ],
    ['in the URL-safe alphabet of base64 (- and _ for + and /), without padding', mac.toString('base64url')],
    ['base64 with a line break at its end', `${base64}\n`],
  ]
}
