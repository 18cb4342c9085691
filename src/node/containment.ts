/** Whether an open file lies in a folder: links and folders may be swapped while a path is looked at. */
import { type BigIntStats, readlinkSync, statSync } from 'node:fs'
import { type FileHandle, lstat, realpath } from 'node:fs/promises'
import { sep } from 'node:path'

/** By their text alone. */
export function isInside(folder: string, file: string): boolean {
  const prefix = folder.endsWith(sep) ? folder : folder + sep
  return file.startsWith(prefix)
}

export interface OpenedFile {
  handle: FileHandle
  /** The path that it was opened by, without links when that was found out. */
  path: string
  /** The folder that it has to lie in, without links. */
  folder: string
}

/** Linux knows where an open file lies. Elsewhere, its path is looked at again. */
export async function liesWithin(opened: OpenedFile): Promise<boolean> {
  const { handle, path, folder } = opened
  const link = `/proc/self/fd/${handle.fd}`
  const place = readLink(link)
  if (place === path) return true
  if (place === undefined) return staysWithin(opened)
  // The file was moved, or the number of the handle is the runtime's own, and not the system's.
  const isOfSystem = isSame(await handle.stat({ bigint: true }), statSync(link, { bigint: true }))
  return isOfSystem ? isInside(folder, place) : staysWithin(opened)
}

/** Synchronous, since it asks the kernel alone, and a promise would take ten times as long. */
function readLink(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    // There is no such thing on macOS and Windows; Deno asks for all rights.
    return undefined
  }
}

/**
 * A folder that becomes a link and a folder again between any two calls could deceive one look at a chance of
 * one in four, and all of them at one in 65,536.
 */
const LOOKS = 8

/** Whether the path still has no links and leads to this very file, however often one looks. */
export async function staysWithin({ handle, path }: OpenedFile): Promise<boolean> {
  const own = await handle.stat({ bigint: true })
  for (let look = 0; look < LOOKS; look++) {
    if ((await realpath(path)) !== path) return false
    if (!isSame(own, await lstat(path, { bigint: true }))) return false
  }
  return true
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  // On Windows, open files and paths can give the device in two widths.
  const isSameDevice = process.platform === 'win32' || one.dev === other.dev
  return isSameDevice && one.ino === other.ino
}
