/** Files of a project: read once, and replaced whole or left as they were. */
import type { Stats } from 'node:fs'
import { access, constants, type FileHandle, lstat, open } from 'node:fs/promises'
import { openReplacement } from '../../../node/replacement.ts'
import { systemCode } from '../../../platform/system-errors.ts'

export interface SourceFile {
  bytes: Buffer
  /** As it was when it was read. */
  facts: Stats
}

export type FileResult<T> = { ok: true; value: T } | { ok: false; why: string }

export async function readSource(path: string): Promise<FileResult<SourceFile>> {
  try {
    const file = await open(path, 'r')
    try {
      return { ok: true, value: { facts: await file.stat(), bytes: await file.readFile() } }
    } finally {
      await file.close()
    }
  } catch (error) {
    return { ok: false, why: `could not be read (${reasonOf(error)})` }
  }
}

/** Puts a new text in the place of a file, with the rights and the owner of the old one. */
export async function replaceSource(
  path: string,
  text: string,
  { facts }: SourceFile,
): Promise<FileResult<undefined>> {
  try {
    // A file that is read-only is meant to stay, though its folder would let it be replaced.
    await access(path, constants.W_OK)
    const replacement = await openReplacement(path)
    try {
      await replacement.file.writeFile(text)
      await takeOver(replacement.file, facts)
      if (!(await isUnchanged(path, facts))) {
        await replacement.discard()
        return { ok: false, why: 'was changed by somebody else meanwhile' }
      }
      await replacement.commit()
      return { ok: true, value: undefined }
    } catch (error) {
      await replacement.discard()
      throw error
    }
  } catch (error) {
    return { ok: false, why: `could not be written (${reasonOf(error)})` }
  }
}

async function takeOver(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await file.stat()
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid)
  // After the owner, whose change takes some rights away.
  await file.chmod(mode & 0o7777)
}

async function isUnchanged(path: string, before: Stats): Promise<boolean> {
  const now = await lstat(path)
  return (['dev', 'ino', 'size', 'mtimeMs'] as const).every((name) => now[name] === before[name])
}

function reasonOf(error: unknown): string {
  return systemCode(error)?.message ?? 'unknown reason'
}
