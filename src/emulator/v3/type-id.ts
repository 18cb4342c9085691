/** Ids that the service makes, TypeIDs: a prefix, and 26 digits of Crockford's base 32. */
import { below } from '../random.ts'
import { sha256Hex } from '../signature.ts'

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** An id whose first ten digits are the time in milliseconds, as in a UUID of version 7. */
export function typeId(prefix: string, { at, random }: { at: number; random: () => number }): string {
  const time = base32(BigInt(Math.max(0, Math.trunc(at))), 10)
  const rest = Array.from({ length: 16 }, () => DIGITS[below(32, random)]).join('')
  return `${prefix}_${time}${rest}`
}

/** An id that follows from a text: the same each time. */
export async function derivedTypeId(prefix: string, text: string): Promise<string> {
  const digest = await sha256Hex(new TextEncoder().encode(text))
  // 130 bits make 26 digits, of which a TypeID uses 128: the first digit is at most 7.
  return `${prefix}_${base32(BigInt(`0x${digest.slice(0, 32)}`), 26)}`
}

function base32(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest >>= 5n) text = DIGITS[Number(rest & 31n)]! + text
  return text
}
