/** Photos whose names are written in another way than in the file system, and names that are nearly right. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { isInside } from './containment.ts'
import { createNameList, missingMessage, type NameList, shown } from './name-list.ts'

/** What is found in place of a file that is not there. */
export interface NameSearch {
  /** The path of the file that is meant, from the folder. */
  found?: string
  /** A name that is nearly the same. */
  nearest?: string
}

/**
 * Looks for a file by its name, where the file system has none of just this name. Macs write letters with
 * accents in two parts (NFD), others in one (NFC): such names are the same. So are names that differ in case
 * alone, if there is just one.
 */
export async function findByName(root: string, path: string): Promise<NameSearch> {
  const names = relative(resolve(root), resolve(root, path)).split(sep)
  const folders = names.slice(0, -1)
  let folder = resolve(root)
  for (const name of folders) {
    const listing = await listingOf(folder, root)
    const real = listing?.names.same(name)
    if (real === undefined) return {}
    folder = join(folder, real)
  }
  const wanted = names.at(-1)!
  const listing = await listingOf(folder, root)
  if (!listing) return {}
  const same = listing.names.same(wanted)
  if (same !== undefined) return { found: relative(resolve(root), join(folder, same)) }
  const nearest = listing.names.nearest(wanted)
  return nearest === undefined ? {} : { nearest }
}

interface Listing {
  folder: string
  mtimeMs: number
  names: NameList
}

/** Folders that were looked at last: a file may name many photos that are not there. */
const latest: Listing[] = []
const MOST_LISTINGS = 4

async function listingOf(folder: string, root: string): Promise<Listing | undefined> {
  try {
    // A link may lead out of the folder: nobody may find out what lies there.
    const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)])
    if (realFolder !== realRoot && !isInside(realRoot, realFolder)) return undefined
    const { mtimeMs } = await stat(realFolder)
    const known = latest.find((one) => one.folder === realFolder && one.mtimeMs === mtimeMs)
    if (known) return known
    const listing = { folder: realFolder, mtimeMs, names: createNameList(await readdir(realFolder)) }
    latest.unshift(listing)
    latest.length = Math.min(latest.length, MOST_LISTINGS)
    return listing
  } catch {
    return undefined
  }
}

/** Says which file is missing, and in which folder. */
export function missingFromFolder(root: string, path: string, nearest: string | undefined): string {
  const place = `the folder "${shown(join(root, dirname(path)))}"`
  return missingMessage(basename(path), { place, nearest })
}
