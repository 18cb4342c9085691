/** Photos in a zip, which is opened for each photo, and whose list of files is read once. */
import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { systemCode } from '../platform/system-errors.ts'
import { missingMessage, shown } from './name-list.ts'
import { photoError } from './photo-error.ts'
import type { DirectoryResult } from './photo-zip/directory.ts'
import { unpack } from './photo-zip/unpack.ts'

/** Whether a path is that of a zip, if it is no folder of that name. */
export function isZipName(path: string): boolean {
  return /\.zip$/i.test(path)
}

export interface ZippedPhoto {
  zip: string
  /** As the row names it. */
  name: string
  /** Of a larger one, the size alone is given. */
  maxBytes: number
  signal: AbortSignal
}

/**
 * The bytes of a photo in a zip, or its size alone; `undefined` where the zip is a folder.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is not there, or cannot be unpacked.
 */
export async function readZipped(
  photo: ZippedPhoto,
): Promise<{ bytes?: Uint8Array; size: number } | undefined> {
  try {
    return await withZip(photo.zip, (handle, directory) => readFrom(handle, directory, photo))
  } catch (error) {
    const cause = systemCode(error)
    throw cause ? photoError('missing', `is not read: the zip could not be read (${cause.message})`) : error
  }
}

async function readFrom(
  handle: FileHandle,
  directory: DirectoryResult,
  { zip, name, maxBytes, signal }: ZippedPhoto,
): Promise<{ bytes?: Uint8Array; size: number }> {
  if (!directory.ok) throw photoError('wrong_format', `is not read: the zip ${directory.wrong}`)
  if (name.includes('\\')) throw photoError('not_allowed', 'must be a path with / between folders')
  const found = directory.root.find(name)
  if (found.kind === 'outside') throw photoError('not_allowed', 'lies outside of the zip')
  if (found.kind === 'missing') {
    const place = placeOf(zip, name)
    throw photoError('missing', missingMessage(basename(name), { place, nearest: found.nearest }))
  }
  signal.throwIfAborted()
  return unpack(handle, found.file, { maxBytes, signal })
}

function placeOf(zip: string, name: string): string {
  const inner = dirname(name)
  const ofZip = `the zip "${shown(zip)}"`
  return inner === '.' ? ofZip : `the folder "${shown(inner)}" of ${ofZip}`
}

/** The names in a zip, of the folder in it that holds all else; or what is wrong with the zip. */
export type ZipListing = { ok: true; names: string[] } | { ok: false; wrong: string }

/** `undefined` where it is a folder. Rejects as the file system does. */
export async function listZip(path: string): Promise<ZipListing | undefined> {
  return withZip(path, async (_, directory) =>
    directory.ok ? { ok: true, names: directory.root.names() } : directory,
  )
}

async function withZip<T>(
  path: string,
  use: (handle: FileHandle, directory: DirectoryResult) => Promise<T>,
): Promise<T | undefined> {
  const handle = await openFile(path)
  if (!handle) return undefined
  try {
    const facts = await handle.stat({ bigint: true })
    if (facts.isDirectory()) return undefined
    if (!facts.isFile()) return await use(handle, { ok: false, wrong: 'is no file' })
    const key = [facts.dev, facts.ino, facts.size, facts.mtimeNs].join(':')
    return await use(handle, await directoryOf(handle, { key, size: Number(facts.size) }))
  } finally {
    await handle.close()
  }
}

/** A pipe is opened at once, and found to be no file. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** `undefined` for a folder. */
async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, READ_ONLY)
  } catch (error) {
    // Windows opens no folder.
    const facts = await stat(path).catch(() => undefined)
    if (facts?.isDirectory()) return undefined
    throw error
  }
}

interface KnownZip {
  /** Another one as soon as the file is another, or is written to. */
  key: string
  directory: Promise<DirectoryResult>
}

/** Zips that were read last. */
let latest: KnownZip[] = []
const MOST_ZIPS = 4

async function directoryOf(
  handle: FileHandle,
  { key, size }: { key: string; size: number },
): Promise<DirectoryResult> {
  const known = latest.find((one) => one.key === key)
  if (known) return known.directory
  const made = { key, directory: loadDirectory(handle, size) }
  latest = [made, ...latest].slice(0, MOST_ZIPS)
  try {
    return await made.directory
  } catch (error) {
    // It may be read another time.
    latest = latest.filter((one) => one !== made)
    throw error
  }
}

/** The library is loaded by those alone who have such files. */
async function loadDirectory(handle: FileHandle, size: number): Promise<DirectoryResult> {
  const { readDirectory } = await import('./photo-zip/directory.ts')
  return readDirectory(handle, size)
}
