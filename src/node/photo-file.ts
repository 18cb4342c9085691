/** Photos that are read from files. */
import { constants } from 'node:fs'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { SmileIdInputError } from '../errors/classes.ts'
import { throwIfAny, wrongType } from '../errors/issues.ts'
import { text } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { type CheckStored, type PhotoSource, STORED } from '../photo/read.ts'
import { systemCode } from '../platform/system-errors.ts'
import { isInside, liesWithin } from './containment.ts'
import { readBytes } from './file-bytes.ts'
import { photoError } from './photo-error.ts'
import { findByName, missingFromFolder } from './photo-name.ts'
import { isZipName, readZipped } from './photo-zip.ts'
import { checkStored } from './stored-photo.ts'

/** Larger files are not read before somebody has seen their size: for most calls, they are too large. */
const READ_AT_ONCE_BYTES = 5_000_000

export interface PhotoFileOptions {
  /** The folder, or the .zip, that the path must not lead out of. @default none */
  root?: string | undefined
}

const photoFileOptions = /* @__PURE__ */ once(() => objectOf<PhotoFileOptions>({ root: optional(text()) }))

/**
 * A photo that is read from its file when its turn comes.
 *
 * With `root`, a name may be written in another way than in the file system, where nothing has just this
 * name: with accents in two parts, as on Macs, or in another case, if there is one such file.
 *
 * In a zip, folders are found as they are in it; one that holds all else may be left out. Its list of files
 * is read once, and each photo when its turn comes.
 *
 * With `root`, a path that leads out of that folder, also by a symbolic link, is refused: the paths in a CSV
 * file are text that somebody else wrote. What is checked is the open file, and it is the one that is read,
 * whatever becomes of its path meanwhile.
 *
 * @throws {SmileIdInputError} `invalid_input`: path or root is no text; when the photo is read: the path
 *   leads out of `root`, leads to no file, or cannot be read; in a zip, it is encrypted, damaged, there twice
 *   or packed by a method other than Deflate.
 *
 * @example
 * ```ts
 * import { photoFile } from 'smileid-edge/node'
 * import { readPhoto } from 'smileid-edge/photo'
 *
 * export const portrait = (name: string) => readPhoto(photoFile(name, { root: 'photos' }))
 * ```
 */
export function photoFile(path: string, options: PhotoFileOptions = {}): PhotoSource {
  const { issues, value } = check(photoFileOptions(), options ?? {}, 'options')
  if (typeof path !== 'string') issues.unshift(wrongType('path', 'must be text'))
  throwIfAny(issues)
  const source: PhotoSource = async (signal) => {
    const place = { path, root: value.root, signal }
    const photo = await readFile({ ...place, maxBytes: READ_AT_ONCE_BYTES })
    if (photo.bytes) return photo.bytes
    const { size } = photo
    return {
      size,
      async arrayBuffer() {
        const { bytes } = await readFile({ ...place, maxBytes: size })
        if (!bytes) throw photoError('not_allowed', 'grew while it was looked at')
        // The type of `PhotoSource` asks for an ArrayBuffer, but takes these bytes as well.
        return bytes as any
      },
    }
  }
  const { root } = value
  // Of a zip, a photo is unpacked, and so in memory as it is.
  if (root !== undefined && isZipName(root)) return source
  const stored: CheckStored = (...where) => checkStored(() => openPhoto({ path, root }), ...where)
  return Object.assign(source, { [STORED]: stored })
}

interface ReadOptions {
  path: string
  root: string | undefined
  maxBytes: number
  signal: AbortSignal
}

/** The bytes of a file, or its size alone when it is larger than `maxBytes`. */
async function readFile(options: ReadOptions): Promise<{ bytes?: Uint8Array; size: number }> {
  const { path, root, maxBytes, signal } = options
  refuseWebAddress(options)
  if (root !== undefined && isZipName(root)) {
    const zipped = await readZipped({ zip: root, name: path, maxBytes, signal })
    if (zipped) return zipped
  }
  const { file, size } = await openPhoto(options)
  try {
    return size > maxBytes ? { size } : { size, bytes: await readBytes(file, { at: 0, size, signal }) }
  } finally {
    await file.close()
  }
}

type Place = Pick<ReadOptions, 'path' | 'root'>

function refuseWebAddress({ path, root }: Place): void {
  if (root !== undefined && /^https?:\/\//i.test(path)) {
    throw photoError('not_allowed', 'is a web address: fetch the photos first, and name their files')
  }
}

async function openPhoto(place: Place): Promise<{ file: FileHandle; size: number }> {
  refuseWebAddress(place)
  const { path, root } = place
  const file = root === undefined ? await open(path, READ_ONLY) : await openNamed(root, path)
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw photoError('wrong_type', 'is no file')
    return { file, size: facts.size }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A pipe is opened at once, found to be no file, and closed: to wait for its writer could take for ever. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** For a path without links. Windows has no such flag. */
const WITHOUT_LINK = READ_ONLY | (constants.O_NOFOLLOW ?? 0)

/** Opens a file in a folder, also where its name is written in another way there. */
async function openNamed(root: string, path: string): Promise<FileHandle> {
  try {
    return await openWithin(root, path)
  } catch (error) {
    if (systemCode(error)?.message !== 'ENOENT') throw error
    const { found, nearest } = await findByName(root, path)
    if (found !== undefined) return openWithin(root, found)
    throw photoError('missing', missingFromFolder(root, path, nearest))
  }
}

/** Opens a file in a folder. An error does not say where a link leads. */
async function openWithin(root: string, path: string): Promise<FileHandle> {
  const hasBackslash = path.includes('\\') && sep === '/'
  if (hasBackslash || path.includes('\0'))
    throw photoError('not_allowed', 'must be a path with / between folders')
  const resolved = resolve(root, path)
  // Checked before links are resolved: nobody may find out which files exist outside of the folder.
  if (!isInside(resolve(root), resolved)) throw outsideError()
  let file: FileHandle | undefined
  try {
    const [folder, realPath] = await Promise.all([realpath(root), realpath(resolved)])
    // Neither is anything opened there.
    if (!isInside(folder, realPath)) throw outsideError()
    file = await open(realPath, WITHOUT_LINK)
    if (!(await liesWithin({ handle: file, path: realPath, folder }))) throw outsideError()
    return file
  } catch (error) {
    await file?.close()
    throw (await folderError(root)) ?? error
  }
}

/** What is wrong with the folder itself, and so with all of its photos. */
async function folderError(root: string): Promise<SmileIdInputError | undefined> {
  try {
    const facts = await stat(root)
    if (facts.isDirectory()) return undefined
    return photoError('wrong_type', 'is not read: the photo folder is no folder, nor named .zip')
  } catch (error) {
    const reason = systemCode(error)?.message ?? 'unknown'
    return photoError('missing', `is not read: the photo folder could not be opened (${reason})`)
  }
}

function outsideError(): SmileIdInputError {
  return photoError('not_allowed', 'lies outside of the photo folder')
}
