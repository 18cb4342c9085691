/** The lines of a journal's file: a header, then one entry each. */
import { read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import type { JournalEntry, JournalScope } from '../bulk/journal.ts'

export interface JournalHeader extends JournalScope {
  /** Version of the format. */
  smileid_journal: 1
  /** ISO 8601 */
  created: string
  /** Of the digests: 32 random bytes in base64. */
  digestKey: string
}

/** The longest line in bytes, its end included: `lineReader` reads no further. */
export const MAX_ENTRY = 65_536

/** Every journal begins so. */
export const MAGIC = '{"smileid_journal":1,'

const STATES: readonly unknown[] = [
  'sending',
  'enrolled',
  'exists',
  'rejected',
  'failed',
  'unknown',
] satisfies JournalEntry['state'][]

/** These members and no others, whatever came with them: nothing else may get into the file. */
export const entryLine = ({
  key,
  rev,
  state,
  at,
  leaseUntil,
  attempts,
  digest,
  code,
  smileJobId,
  attempted,
}: JournalEntry): string =>
  `${JSON.stringify({ key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted })}\n`

export const isEntry = (value: Partial<JournalEntry>): value is JournalEntry =>
  typeof value.key === 'string' &&
  Number.isInteger(value.rev) &&
  value.rev! > 0 &&
  STATES.includes(value.state) &&
  typeof value.at === 'string' &&
  Number.isFinite(value.attempts) &&
  typeof value.digest === 'string'

export function parseEntry(line: string): JournalEntry | undefined {
  const value: Partial<JournalEntry> | undefined = parsed(line)
  return value && isEntry(value) ? value : undefined
}

export const headerLine = ({
  environment,
  partnerId,
  hideUserIds,
  created,
  digestKey,
}: Omit<JournalHeader, 'smileid_journal'>): string =>
  `${JSON.stringify({ smileid_journal: 1, environment, partnerId, hideUserIds, created, digestKey })}\n`

export function parseHeader(line: string): JournalHeader | undefined {
  const header = line.startsWith(MAGIC) ? (parsed(line) as JournalHeader | undefined) : undefined
  return header &&
    [header.environment, header.partnerId, header.digestKey].every((text) => typeof text === 'string' && text)
    ? header
    : undefined
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const LF = 10
const readAt = /* @__PURE__ */ promisify(read)

/**
 * Every line with the bytes that it begins and ends at, its line end included, which a last one may lack:
 * then `ended` is false.
 */
export async function scanLines(
  file: number,
  each: (line: string, start: number, end: number, ended: boolean) => void,
): Promise<void> {
  let buffer = Buffer.allocUnsafe(1 << 20)
  // Bytes of a line whose end is not read yet lie at the start of the buffer.
  let [base, held] = [0, 0]
  for (;;) {
    if (held === buffer.length) buffer = Buffer.concat([buffer], 2 * held)
    const { bytesRead } = await readAt(file, buffer, held, buffer.length - held, base + held)
    const end = held + bytesRead
    let start = 0
    for (let at = buffer.indexOf(LF, held); at >= 0 && at < end; at = buffer.indexOf(LF, start)) {
      each(buffer.toString('utf8', start, at), base + start, base + at + 1, true)
      start = at + 1
    }
    if (bytesRead === 0) {
      if (held) each(buffer.toString('utf8', 0, held), base, base + held, false)
      return
    }
    buffer.copy(buffer, 0, start, end)
    base += start
    held = end - start
  }
}

/**
 * Reads single lines by the byte that they begin at.
 *
 * Not asynchronous: a promise per read costs twenty times what it takes to get a line out of the system's
 * cache. Rows mostly come in the order of the journal, so the next read is for what follows, in larger
 * pieces; never for what is only being written, `size` on.
 */
export function lineReader(file: number, size: () => number): (offset: number) => string {
  const ahead = Buffer.allocUnsafe(MAX_ENTRY)
  let [base, length] = [0, 0]
  const fill = (offset: number, most: number) => {
    base = offset
    length = readSync(file, ahead, 0, Math.min(most, size() - offset), offset)
  }
  return (offset) => {
    const follows = offset >= base && offset - base <= 2 * ahead.length
    if (offset < base || offset >= base + length) fill(offset, follows ? ahead.length : 1024)
    let end = ahead.indexOf(LF, offset - base)
    if (end < 0 || end >= length) {
      fill(offset, ahead.length)
      end = ahead.indexOf(LF)
    }
    return end < 0 || end >= length ? '' : ahead.toString('utf8', offset - base, end)
  }
}
