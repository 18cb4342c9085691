/** Files that are written beside their place, and put there whole or not at all. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'

export interface Replacement {
  readonly file: FileHandle
  /**
   * Has what was written on disk, and puts it in its place.
   *
   * @throws {Error} with the code of the system; what was written is left beside the place.
   */
  commit(): Promise<void>
  /** Closes the file, and leaves it beside its place. */
  leave(): Promise<void>
  /** Removes what was written. */
  discard(): Promise<void>
}

/**
 * Opens a new file beside the path, with rights for its owner alone. `commit` renames it to the path: a
 * symbolic link there is replaced, and not followed.
 *
 * Its name cannot be known before, and the system makes the file or fails: whatever somebody else has laid in
 * the folder is neither followed nor written to.
 *
 * @throws {Error} with the code of the system: no file can be put there, or something other than a file is.
 */
export async function openReplacement(path: string): Promise<Replacement> {
  await checkPlace(path)
  const partialPath = `${path}.${randomUUID().slice(0, 8)}.partial`
  const file = await open(partialPath, 'wx', 0o600)
  let isClosed = false

  async function close(): Promise<void> {
    if (isClosed) return
    isClosed = true
    await file.close()
  }

  return {
    file,
    async commit() {
      try {
        await file.sync()
      } finally {
        await close()
      }
      await rename(partialPath, path)
    },
    leave: close,
    async discard() {
      await close()
      await rm(partialPath, { force: true })
    },
  }
}

/** Refuses a place that could not be renamed to at the end, after all the work. */
async function checkPlace(path: string): Promise<void> {
  const facts = await stat(resolve(path)).catch(() => undefined)
  if (!facts || facts.isFile()) return
  const error: NodeJS.ErrnoException = new Error(
    'the place of the file is taken by something that is no file',
  )
  error.code = facts.isDirectory() ? 'EISDIR' : 'EEXIST'
  throw error
}
