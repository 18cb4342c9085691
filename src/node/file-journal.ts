/** A journal in a file. */
import { type FileHandle, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Journal, JournalEntry, JournalScope } from '../bulk/journal.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { isInputError, issue, throwIfAny } from '../errors/issues.ts'
import { encodeBase64 } from '../platform/base64.ts'
import { systemCode } from '../platform/system-errors.ts'
import { type Appender, createAppender } from './appender.ts'
import { changedError, createEntryReader } from './entry-reader.ts'
import { lockFile } from './file-lock.ts'
import {
  entryLine,
  FORMAT,
  headerLine,
  isEntry,
  type JournalHeader,
  MAX_ENTRY_BYTES,
  MAX_LINE_BYTES,
} from './journal-format.ts'
import { createJournalWriter, type JournalWriter } from './journal-writer.ts'
import { journalError, type LoadedJournal, loadJournal, openOrCreate } from './load-journal.ts'
import { pathIssues } from './path-input.ts'

export interface FileJournal extends Journal {
  /**
   * Bytes of lines that were not whole, from a run or a power that was cut off, which were dropped when the
   * journal was opened.
   */
  readonly droppedBytes: number
  /** Whose it is: `undefined` as long as it is bound to nobody. */
  readonly scope: JournalScope | undefined
  /** Whether a later entry of this key may be among what a power cut took. */
  mayHaveLost(key: string): boolean
  /**
   * Waits for writes in progress and releases the lock.
   *
   * @throws {Error} with the code of the system in `cause`: the last writes did not reach the disk.
   */
  close(): Promise<void>
}

/**
 * Opens or creates the journal of a bulk run: a file to which lines are only added, readable by its owner
 * alone.
 *
 * A write survives the process (`kill -9`, too) once it resolves. The disk follows 50 ms behind, and the file
 * says how far it came: what was on disk is never lost, and a line that a power cut left broken behind it
 * counts as not written. Rows whose entries may be among what is lost (`mayHaveLost`) are settled by the next
 * run, not sent as new. A write that fails (`cause` has the code of the system, such as `ENOSPC`) leaves the
 * file as it was. Within 50 ms after the file is deleted or replaced, all writes fail. An entry of more than
 * 65,536 bytes is refused. The first line binds the journal to an environment and a partner and holds the key
 * of its digests. Memory grows by some 50 bytes per row: a million rows are opened in three seconds.
 *
 * While open it is locked, by `<path>.lock`; the lock of a process that has ended, or of an earlier boot of
 * this machine, is taken over, by one process alone. Where nothing tells whether the process still runs, as
 * on another machine, in another container, or in Deno without --allow-run, the error says so. So whoever
 * left rows in `'sending'` before has ended: their leases are over when the journal is opened, and the next
 * run asks at once.
 *
 * @throws {SmileIdInputError} `invalid_input`: the journal is in use, the file is no journal, is one of a
 *   newer format or cannot be opened, or a line that was on disk is damaged. `bind` rejects so for another
 *   environment or partner, and where ids were hidden and are not any more, or the other way round.
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
  throwIfAny(pathIssues(path))
  let unlock: (() => void) | undefined
  let file: FileHandle | undefined
  try {
    // One file has one lock, whatever links lead to it.
    unlock = lockFile(await realpath(path).catch(() => path))
    file = await openOrCreate(path)
    const loaded = await loadJournal(file)
    return await createJournal({ file, path: resolve(path), loaded, unlock })
  } catch (error) {
    await file?.close()
    unlock?.()
    throw isInputError(error) ? error : openError(error)
  }
}

function openError(error: unknown): SmileIdInputError {
  const cause = systemCode(error)
  return journalError('missing', `could not be opened (${cause?.message ?? 'unknown'})`, cause)
}

interface OpenJournal {
  file: FileHandle
  /** Absolute. */
  path: string
  loaded: LoadedJournal
  unlock(): void
}

async function createJournal({ file, path, loaded, unlock }: OpenJournal): Promise<FileJournal> {
  const { index, droppedBytes, lostBefore, isLost } = loaded
  let { header } = loaded
  const appender = createAppender(file, path, loaded.size)
  const writer = createJournalWriter(file, appender, { isLost, format: () => header?.smileid_journal })
  const entryAt = createEntryReader({ file, appender, loadedSize: loaded.size })
  let closed: Promise<void> | undefined
  // What showed that lines are lost is gone.
  if (header && isLost && droppedBytes > 0) await writer.begin()

  function checkOpen(): void {
    if (closed) throw journalError('not_allowed', 'is closed')
  }

  function isNext(key: string, rev: number): boolean {
    return rev === index.rev(key) + 1
  }

  return {
    droppedBytes,
    get scope() {
      return header && scopeOf(header)
    },
    mayHaveLost(key) {
      if (lostBefore === 0) return false
      const offset = index.offset(key)
      return offset === undefined || offset < lostBefore
    },
    async bind({ environment, partnerId, hideUserIds = false }) {
      checkOpen()
      const scope = { environment, partnerId, hideUserIds }
      // Nothing is awaited here: two first calls must not write two headers.
      header ??= appendHeader(appender, scope)
      checkScope(header, scope)
      return header.digestKey
    },
    async read(key) {
      checkOpen()
      const offset = index.offset(key)
      if (offset === undefined) return undefined
      const entry = entryAt(offset)
      if (entry.key !== key) throw changedError()
      return entry
    },
    async write(entry) {
      checkOpen()
      if (!header) throw journalError('not_allowed', 'is bound to no partner yet: call bind first')
      const line = checkedLine(entry)
      const { key, rev } = entry
      if (!isNext(key, rev)) return false
      if (!writer.isBegun()) {
        await writer.begin()
        // Another writer of this entry may have waited, too.
        if (!isNext(key, rev)) return false
      }
      index.set(key, { rev, offset: writer.append(line) })
      await appender.diskDelay()
      return true
    },
    async *entries() {
      checkOpen()
      for (const offset of index.offsets()) {
        checkOpen()
        yield entryAt(offset)
      }
    },
    close() {
      closed ??= closeAll({ writer, file, unlock })
      return closed
    },
  }
}

async function closeAll({
  writer,
  file,
  unlock,
}: Pick<OpenJournal, 'file' | 'unlock'> & { writer: JournalWriter }): Promise<void> {
  try {
    await writer.finish()
  } finally {
    await file.close().finally(unlock)
  }
}

function appendHeader(appender: Appender, scope: Required<JournalScope>): JournalHeader {
  const header: JournalHeader = {
    smileid_journal: FORMAT,
    ...scope,
    created: new Date().toISOString(),
    digestKey: encodeBase64(crypto.getRandomValues(new Uint8Array(32))),
  }
  appender.append(headerLine(header))
  return header
}

function scopeOf({ environment, partnerId, hideUserIds }: JournalHeader): JournalScope {
  // Older headers do not say whether ids are hidden.
  return hideUserIds === undefined ? { environment, partnerId } : { environment, partnerId, hideUserIds }
}

/** Refuses another scope than the one that the journal is bound to. */
function checkScope(header: JournalHeader, scope: Required<JournalScope>): void {
  const { environment, partnerId, hideUserIds } = scope
  if (header.environment !== environment || header.partnerId !== partnerId) {
    throw journalError(
      'not_allowed',
      `belongs to partner ${header.partnerId}, ${header.environment}, ` +
        `not to partner ${partnerId}, ${environment}: use another journal`,
    )
  }
  const wereHidden = header.hideUserIds ?? hideUserIds
  if (wereHidden !== hideUserIds) {
    const message =
      `must be ${wereHidden}: the journal was begun ${wereHidden ? 'with' : 'without'} hidden user ids, ` +
      'and would know no user again'
    throw new SmileIdInputError([issue('options.hideUserIds', 'not_allowed', message)])
  }
}

/** The line of an entry, unless it could not be read again. */
function checkedLine(entry: JournalEntry): Buffer {
  if (!isEntry(entry)) throw journalError('wrong_type', 'takes no such entry')
  const line = entryLine(entry)
  if (line.length > MAX_LINE_BYTES) {
    throw journalError(
      'wrong_format',
      `takes no entry of more than ${MAX_ENTRY_BYTES} bytes: is the user_id too long?`,
    )
  }
  return line
}
