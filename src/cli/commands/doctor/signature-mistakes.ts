/** Explains a wrong signature by the known mistakes that give the same text, alone or together. */
import { parseTimestamp } from '../../../signature/timestamp.ts'
import { encodingVariants, hashVariants, type Variant } from './hash-variants.ts'

export interface SignatureFacts {
  partnerId: string
  apiKey: string
  previousKey?: string | undefined
  /** As it was sent. */
  timestamp: string
  signature: string
}

/**
 * Returns the fewest mistakes that explain the signature: none when it is right, `undefined` when no known
 * mistakes give it.
 */
export function explainSignature(facts: SignatureFacts): string[] | undefined {
  let best: string[] | undefined
  for (const { mac, mistakes } of macs(facts)) {
    if (best && mistakes.length >= best.length) continue
    for (const encoding of encodingVariants(mac)) {
      if (encoding.value !== facts.signature) continue
      const all = encoding.mistake === undefined ? mistakes : [...mistakes, encoding.mistake]
      if (!best || all.length < best.length) best = all
    }
  }
  return best
}

/** Every combination of the right and the wrong ways to do each part. */
function* macs(facts: SignatureFacts): Generator<{ mac: Buffer; mistakes: string[] }> {
  for (const key of keyVariants(facts)) {
    for (const partnerId of partnerIdVariants(facts.partnerId)) {
      for (const timestamp of timestampVariants(facts.timestamp)) {
        for (const message of messageVariants(timestamp.value, partnerId.value)) {
          for (const hash of hashVariants(key.value, message.value)) {
            const mistakes = [hash, key, timestamp, partnerId, message].flatMap(
              ({ mistake }) => mistake ?? [],
            )
            yield { mac: hash.value, mistakes }
          }
        }
      }
    }
  }
}

function keyVariants({ apiKey, previousKey }: SignatureFacts): Variant<Buffer>[] {
  const text = (key: string) => Buffer.from(key, 'utf8')
  const variants: Variant<Buffer>[] = [
    { value: text(apiKey) },
    {
      value: Buffer.from(apiKey, 'base64'),
      mistake: 'the key was base64-decoded: it is used as the text that it is',
    },
  ]
  if (/^([0-9a-f]{2})+$/i.test(apiKey)) {
    variants.push({
      value: Buffer.from(apiKey, 'hex'),
      mistake: 'the key was hex-decoded: it is used as the text that it is',
    })
  }
  variants.push(
    { value: text(`${apiKey}\n`), mistake: 'the key had a line break at its end' },
    { value: text(`${apiKey}\r\n`), mistake: 'the key had a line break (CR LF) at its end' },
    { value: text(`${apiKey} `), mistake: 'the key had a space at its end' },
    { value: text(` ${apiKey}`), mistake: 'the key had a space before it' },
    { value: text(`"${apiKey}"`), mistake: 'the key stood in quotes, which became part of it' },
  )
  if (previousKey) {
    variants.push({ value: text(previousKey), mistake: 'it was made with the previous key' })
  }
  return variants
}

function partnerIdVariants(partnerId: string): Variant<string>[] {
  const variants: Variant<string>[] = [{ value: partnerId }]
  if (/^\d+$/.test(partnerId)) {
    const bare = String(Number(partnerId))
    if (bare !== partnerId) {
      const mistake = `the partner id was taken as a whole number, ${bare}: its leading zeros count`
      variants.push({ value: bare, mistake })
    }
    for (const width of [3, 4]) {
      const padded = bare.padStart(width, '0')
      if (padded === partnerId || padded === bare) continue
      variants.push({ value: padded, mistake: `the partner id was written ${padded}, unlike here` })
    }
  }
  variants.push({ value: '', mistake: 'the partner id was left out' })
  return variants
}

function timestampVariants(sent: string): Variant<string>[] {
  const ms = toMilliseconds(parseTimestamp(sent))
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return [{ value: sent }]
  const iso = date.toISOString()
  const seconds = Math.floor(date.getTime() / 1000)
  const signed = (what: string, value: string): Variant<string> => ({
    value,
    mistake:
      `what was signed is ${what}, another text than the timestamp that was sent: ` +
      'sign and send the very same',
  })
  return [
    { value: sent },
    signed('ISO 8601 with milliseconds and Z', iso),
    signed('ISO 8601 without milliseconds', iso.replace(/\.\d+Z$/, 'Z')),
    signed('ISO 8601 with +00:00', iso.replace('Z', '+00:00')),
    signed('ISO 8601 with +00:00 and no milliseconds', iso.replace(/\.\d+Z$/, '+00:00')),
    signed('ISO 8601 with microseconds and +00:00', iso.replace('Z', '000+00:00')),
    signed('ISO 8601 with microseconds and Z', iso.replace('Z', '000Z')),
    signed('ISO 8601 without a zone', iso.replace('Z', '')),
    signed('seconds since 1970', String(seconds)),
    signed('milliseconds since 1970', String(date.getTime())),
    signed('microseconds since 1970', String(date.getTime() * 1000)),
  ]
}

/** Small numbers were seconds, large ones microseconds. */
function toMilliseconds(time: number): number {
  if (Math.abs(time) < 1e10) return time * 1000
  if (Math.abs(time) > 1e14) return time / 1000
  return time
}

const SUFFIX = 'sid_request'
const SEPARATORS = [':', '|', ' ', '\n', '+', '.']

function messageVariants(timestamp: string, partnerId: string): Variant<string>[] {
  const order = (...parts: readonly string[]) =>
    `in the wrong order, ${parts.join(', ')}: it is timestamp, partner id, ${SUFFIX}`
  const variants: Variant<string>[] = [
    { value: timestamp + partnerId + SUFFIX },
    { value: timestamp + partnerId, mistake: `without ${SUFFIX} at the end` },
    {
      value: partnerId + timestamp,
      mistake: `without ${SUFFIX}, and ${order('partner id', 'timestamp')}`,
    },
    { value: partnerId + timestamp + SUFFIX, mistake: order('partner id', 'timestamp', SUFFIX) },
    { value: timestamp + SUFFIX + partnerId, mistake: order('timestamp', SUFFIX, 'partner id') },
    { value: partnerId + SUFFIX + timestamp, mistake: order('partner id', SUFFIX, 'timestamp') },
    { value: SUFFIX + timestamp + partnerId, mistake: order(SUFFIX, 'timestamp', 'partner id') },
    { value: SUFFIX + partnerId + timestamp, mistake: order(SUFFIX, 'partner id', 'timestamp') },
  ]
  const separated = SEPARATORS.map((separator) => [timestamp, partnerId, SUFFIX].join(separator))
  const withLineBreak = `${timestamp}${partnerId}${SUFFIX}\n`
  for (const value of [...separated, withLineBreak]) {
    const mistake = 'with something between the parts, or after them, where nothing belongs'
    variants.push({ value, mistake })
  }
  return variants
}
