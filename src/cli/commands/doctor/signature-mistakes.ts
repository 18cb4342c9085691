/** Explains a wrong signature by the known mistakes that give the same text, alone or together. */
import { hasFourDigitYear } from '../../../platform/realms.ts'
import { parseTimestamp } from '../../../signature/timestamp.ts'
import { dateRenderings } from './date-renderings.ts'
import { encodingVariants, hashVariants, rightMac, type Variant } from './hash-variants.ts'

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
  for (const { mac, mistakes } of everyMac(facts)) {
    if (best && mistakes.length >= best.length) continue
    for (const encoding of encodingVariants(mac)) {
      if (encoding.value !== facts.signature) continue
      const all = encoding.mistake === undefined ? mistakes : [...mistakes, encoding.mistake]
      if (!best || all.length < best.length) best = all
    }
  }
  return best
}

function* everyMac(facts: SignatureFacts): Generator<{ mac: Buffer; mistakes: string[] }> {
  yield* macs(facts)
  yield* macsOfDateObjects(facts)
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

/**
 * Signed over the text that a date object became. There are hundreds of such texts, so they are tried with
 * the right message and hash alone.
 */
function* macsOfDateObjects(facts: SignatureFacts): Generator<{ mac: Buffer; mistakes: string[] }> {
  const renderings = renderingVariants(facts.timestamp)
  for (const key of keyVariants(facts)) {
    for (const partnerId of partnerIdVariants(facts.partnerId)) {
      for (const timestamp of renderings) {
        const mac = rightMac(key.value, timestamp.value + partnerId.value + SUFFIX)
        const mistakes = [key, timestamp, partnerId].flatMap(({ mistake }) => mistake ?? [])
        yield { mac, mistakes }
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
  const date = new Date(millisecondsOf(sent))
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
    signed("ISO 8601 with milliseconds and Z, as JavaScript's toISOString() writes it", iso),
    signed("ISO 8601 without milliseconds, as Go's RFC3339 writes it", iso.replace(/\.\d+Z$/, 'Z')),
    signed('ISO 8601 with +00:00', iso.replace('Z', '+00:00')),
    signed(
      "ISO 8601 with +00:00 and no milliseconds, as PHP's format('c') writes it",
      iso.replace(/\.\d+Z$/, '+00:00'),
    ),
    signed(
      "ISO 8601 with microseconds and +00:00, as Python's isoformat() writes it",
      iso.replace('Z', '000+00:00'),
    ),
    signed('ISO 8601 with microseconds and Z', iso.replace('Z', '000Z')),
    signed("ISO 8601 without a zone, as Java's LocalDateTime writes it", iso.replace('Z', '')),
    signed('seconds since 1970', String(seconds)),
    signed('milliseconds since 1970', String(date.getTime())),
    signed('microseconds since 1970', String(date.getTime() * 1000)),
  ]
}

/** The texts that date objects of the moment become, each once, with all that write it. */
function renderingVariants(sent: string): Variant<string>[] {
  const ms = millisecondsOf(sent)
  if (!hasFourDigitYear(ms)) return []
  const writers = new Map<string, Set<string>>()
  for (const { text, writer } of dateRenderings({ ms, fraction: fractionOf(sent, ms) })) {
    if (text !== sent) writers.set(text, (writers.get(text) ?? new Set()).add(writer))
  }
  return [...writers].map(([value, names]) => ({
    value,
    mistake:
      `what was signed is the text of a date object, ${value}, as ${[...names].join(' or ')} writes it, ` +
      'and not the timestamp that was sent: make the text once, sign it and send the very same',
  }))
}

/** The digits behind the second, as far as they were sent. */
function fractionOf(sent: string, ms: number): string {
  const written = /:\d\d[.,](\d{1,9})/.exec(sent)?.[1]
  if (written !== undefined) return written
  const rest = ms % 1000
  return rest === 0 ? '' : String(rest).padStart(3, '0')
}

/** Large numbers are microseconds. */
function millisecondsOf(sent: string): number {
  const time = parseTimestamp(sent)
  return time > 1e14 ? Math.floor(time / 1000) : Math.floor(time)
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
