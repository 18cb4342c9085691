/** The lines in the file of a journal: a header, then one line per entry. */
import type { JournalEntry, JournalScope } from '../bulk/journal.ts'

export interface JournalHeader extends JournalScope {
  /** The version of the format. */
  smileid_journal: 1
  /** ISO 8601 */
  created: string
  /** The key of the digests: 32 random bytes in base64. */
  digestKey: string
}

/** The longest line of an entry in bytes, its line end included. */
export const MAX_ENTRY_BYTES = 65_536

/** How the file of a journal begins. */
export const MAGIC = '{"smileid_journal":1,'

const STATES: readonly unknown[] = [
  'sending',
  'enrolled',
  'exists',
  'rejected',
  'failed',
  'unknown',
] satisfies JournalEntry['state'][]

/** The line of an entry, of these members alone: nothing else may get into the file. */
export function entryLine(entry: JournalEntry): string {
  const { key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted } = entry
  const members = { key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted }
  return `${JSON.stringify(members)}\n`
}

export function isEntry(value: Partial<JournalEntry>): value is JournalEntry {
  return (
    typeof value.key === 'string' &&
    Number.isInteger(value.rev) &&
    value.rev! > 0 &&
    STATES.includes(value.state) &&
    typeof value.at === 'string' &&
    Number.isFinite(value.attempts) &&
    typeof value.digest === 'string'
  )
}

export function parseEntry(line: string): JournalEntry | undefined {
  const value: Partial<JournalEntry> | undefined = parseObject(line)
  return value && isEntry(value) ? value : undefined
}

export function headerLine(header: JournalHeader): string {
  const { smileid_journal, environment, partnerId, hideUserIds, created, digestKey } = header
  const members = { smileid_journal, environment, partnerId, hideUserIds, created, digestKey }
  return `${JSON.stringify(members)}\n`
}

export function parseHeader(line: string): JournalHeader | undefined {
  if (!line.startsWith(MAGIC)) return undefined
  const value: Partial<JournalHeader> | undefined = parseObject(line)
  return value && isHeader(value) ? value : undefined
}

function isHeader(value: Partial<JournalHeader>): value is JournalHeader {
  const { environment, partnerId, digestKey } = value
  const texts: unknown[] = [environment, partnerId, digestKey]
  return texts.every((text) => typeof text === 'string' && text !== '')
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
