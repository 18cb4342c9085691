/** A journal in a file, one line per entry. */
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { encodeBase64 } from '../platform/base64.ts'
import type { IssueCode, SmileIdInputError } from '../errors/classes.ts'
import { inputError, isInputError, issue } from '../errors/issues.ts'
import type { Journal, JournalEntry, JournalScope } from '../bulk/journal.ts'
import { systemCode } from '../platform/system-errors.ts'
import { createAppender } from './appender.ts'
import { lockFile } from './file-lock.ts'
import { createJournalIndex, type JournalIndex } from './journal-index.ts'
import {
  entryLine,
  headerLine,
  isEntry,
  type JournalHeader,
  lineReader,
  MAGIC,
  MAX_ENTRY,
  parseEntry,
  parseHeader,
  scanLines,
} from './journal-lines.ts'

export interface FileJournal extends Journal {
  /**
   * Bytes of a half-written last line, from a run that was cut off, which was dropped when the journal was
   * opened. Its write had not resolved.
   */
  readonly droppedBytes: number
  /** Waits for writes under way and gives the lock back. */
  close(): Promise<void>
}

/**
 * Opens or makes the journal of a bulk run: a file to which lines are added only, readable by its owner
 * alone.
 *
 * A write survives the process (`kill -9`, too) once it resolves. The disk follows 50 ms behind: what the
 * power takes before is sent once more by the next run, which the service answers with the code of a user_id
 * that is in use. A write that fails (`cause` has the system's code, such as ENOSPC) leaves the file as it
 * was, and all of them fail within that time once the file is deleted or replaced. An entry of more than
 * 65,536 bytes is refused. The first line binds the journal to an environment and a partner and holds the key
 * of its digests. Memory grows by some 50 bytes per row: a million rows are opened in three seconds.
 *
 * While open it is locked, by `<path>.lock`; the lock of a process that died is taken over, which in Deno
 * needs --allow-run. So whoever left rows in `'sending'` before has ended: their leases are over when the
 * journal is opened, and the next run asks at once. Rejects with `invalid_input` for a journal that is in
 * use, a file that is no journal, and a line that is damaged; `bind` does so for another environment or
 * partner, and where ids were hidden and are not any more, or the other way round.
 *
 * @example
 * ```ts
 * import { openFileJournal } from 'smileid-edge/node'
 *
 * export async function countStates(file: string): Promise<Record<string, number>> {
 *   const journal = await openFileJournal(file)
 *   const counts: Record<string, number> = {}
 *   try {
 *     for await (const { state } of journal.entries()) counts[state] = (counts[state] ?? 0) + 1
 *   } finally {
 *     await journal.close()
 *   }
 *   return counts
 * }
 * ```
 */
export async function openFileJournal(path: string): Promise<FileJournal> {
  let unlock: (() => void) | undefined
  let file: FileHandle | undefined
  try {
    // One file, one lock, whatever links lead to it.
    unlock = lockFile(await realpath(path).catch(() => path))
    file = await openOrMake(path)
    return journalIn(file, resolve(path), await load(file), unlock)
  } catch (error) {
    await file?.close()
    unlock?.()
    if (isInputError(error)) throw error
    const cause = systemCode(error)
    throw refused('missing', `could not be opened (${cause?.message ?? 'unknown'})`, { cause })
  }
}

const refused = (code: IssueCode, message: string, options?: ErrorOptions): SmileIdInputError =>
  inputError([issue('journal', code, message)], options)

interface Loaded {
  header: JournalHeader | undefined
  index: JournalIndex
  size: number
  droppedBytes: number
}

function journalIn(
  file: FileHandle,
  path: string,
  { header, index, size, droppedBytes }: Loaded,
  unlock: () => void,
): FileJournal {
  const appender = createAppender(file, path, size)
  const lineAt = lineReader(file.fd, appender.size)
  let binding: Promise<JournalHeader> | undefined
  let closed: Promise<void> | undefined

  const usable = () => {
    if (closed) throw refused('not_allowed', 'is closed')
  }
  const entryAt = (offset: number, key?: string): JournalEntry => {
    usable()
    const entry = parseEntry(lineAt(offset))
    if (!entry || (key !== undefined && entry.key !== key))
      throw refused('wrong_format', 'changed while it was open: open it again')
    // It stood in the file when the lock was taken, so whoever wrote it has ended.
    return entry.state === 'sending' && offset < size ? { ...entry, leaseUntil: entry.at } : entry
  }

  return {
    droppedBytes,
    async bind({ environment, partnerId, hideUserIds = false }) {
      usable()
      // Two first binds at once must not make two headers.
      header ??= await (binding ??= makeHeader({ environment, partnerId, hideUserIds }).finally(
        () => (binding = undefined),
      ))
      if (header.environment !== environment || header.partnerId !== partnerId) {
        throw refused(
          'not_allowed',
          `belongs to partner ${header.partnerId}, ${header.environment}, not to partner ${partnerId}, ${environment}: use another journal`,
        )
      }
      const begun = header.hideUserIds ?? hideUserIds
      if (begun !== hideUserIds) {
        const message = `must be ${begun}: the journal was begun ${begun ? 'with' : 'without'} hidden user ids, and would know no user again`
        throw inputError([issue('options.hideUserIds', 'not_allowed', message)])
      }
      return header.digestKey
    },
    async read(key) {
      usable()
      const offset = index.offset(key)
      return offset === undefined ? undefined : entryAt(offset, key)
    },
    async write(entry) {
      usable()
      if (!header) throw refused('not_allowed', 'is bound to no partner yet: call bind first')
      if (!isEntry(entry)) throw refused('wrong_type', 'takes no such entry')
      const line = entryLine(entry)
      if (Buffer.byteLength(line) > MAX_ENTRY)
        throw refused(
          'wrong_format',
          `takes no entry of more than ${MAX_ENTRY} bytes: is the user_id too long?`,
        )
      if (entry.rev !== index.rev(entry.key) + 1) return false
      index.set(entry.key, { rev: entry.rev, offset: appender.append(line) })
      await appender.keepUp()
      return true
    },
    async *entries() {
      usable()
      for (const offset of index.offsets()) yield entryAt(offset)
    },
    close: () =>
      (closed ??= appender
        .settled()
        .finally(() => file.close())
        .finally(unlock)),
  }

  async function makeHeader(scope: JournalScope): Promise<JournalHeader> {
    const made = {
      ...scope,
      created: new Date().toISOString(),
      digestKey: encodeBase64(crypto.getRandomValues(new Uint8Array(32))),
    }
    appender.append(headerLine(made))
    return { smileid_journal: 1, ...made }
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const file = await open(path, 'wx+', 0o600)
  await syncFolder(dirname(path))
  return file
}

/** A new file's name is on disk only when its folder is. Not every system lets one sync a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

async function load(file: FileHandle): Promise<Loaded> {
  const index = createJournalIndex()
  let header: JournalHeader | undefined
  let [line, size, droppedBytes] = [0, 0, 0]
  let unended = false
  await scanLines(file.fd, (text, start, end, ended) => {
    line++
    const entry = line > 1 ? parseEntry(text) : undefined
    if (line === 1) {
      header = parseHeader(text)
      // What is cut off must be a journal's, not somebody's file.
      if (!header && (ended || !(MAGIC.startsWith(text) || text.startsWith(MAGIC))))
        throw refused('wrong_format', 'is another file, not a journal')
    } else if (entry && entry.rev === index.rev(entry.key) + 1)
      index.set(entry.key, { rev: entry.rev, offset: start })
    else if (entry || ended)
      throw refused('wrong_format', `is damaged in line ${line}: mend or delete that line`)

    // A line that breaks off was confirmed to nobody. One that lacks its end alone is kept: an editor may
    // have taken that away.
    if (header && (entry || line === 1)) {
      size = ended ? end : end + 1
      unended = !ended
    } else droppedBytes = end - start
  })
  if (droppedBytes) await file.truncate(size)
  if (unended) await file.write('\n', size - 1)
  if (droppedBytes || unended) await file.datasync()
  return { header, index, size, droppedBytes }
}
