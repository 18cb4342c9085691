/** Photos whose names are written in another way than in the file system, and names that are nearly right. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, parse, relative, resolve, sep } from 'node:path'
import { editDistance } from '../platform/edit-distance.ts'
import { isInside } from './containment.ts'

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
    const real = listing && sameName(listing, name)
    if (real === undefined) return {}
    folder = join(folder, real)
  }
  const wanted = names.at(-1)!
  const listing = await listingOf(folder, root)
  if (!listing) return {}
  const same = sameName(listing, wanted)
  if (same !== undefined) return { found: relative(resolve(root), join(folder, same)) }
  const nearest = nearestName(listing, wanted)
  return nearest === undefined ? {} : { nearest }
}

interface Listing {
  folder: string
  mtimeMs: number
  names: string[]
  /** The names by how they are compared. */
  composed: Map<string, string[]>
  folded: Map<string, string[]>
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
    const names = await readdir(realFolder)
    const listing = {
      folder: realFolder,
      mtimeMs,
      names,
      composed: grouped(names, composedName),
      folded: grouped(names, foldedName),
    }
    latest.unshift(listing)
    latest.length = Math.min(latest.length, MOST_LISTINGS)
    return listing
  } catch {
    return undefined
  }
}

const composedName = (name: string) => name.normalize('NFC')
const foldedName = (name: string) => name.normalize('NFC').toLowerCase()

function grouped(names: string[], keyOf: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const key = keyOf(name)
    const group = groups.get(key)
    if (group) group.push(name)
    else groups.set(key, [name])
  }
  return groups
}

function sameName({ composed, folded, names }: Listing, wanted: string): string | undefined {
  if (names.includes(wanted)) return wanted
  const same = composed.get(composedName(wanted)) ?? folded.get(foldedName(wanted)) ?? []
  return same.length === 1 ? same[0] : undefined
}

/** Of larger folders, the first names: it is only a hint. */
const MOST_COMPARED = 2000
const MOST_LETTERS = 100

function nearestName({ names, folded }: Listing, wanted: string): string | undefined {
  const alike = folded.get(foldedName(wanted))
  if (alike) return alike[0]
  if (wanted.length > MOST_LETTERS) return undefined
  const plain = foldedName(wanted)
  const stem = parse(plain).name
  const otherType = names.find((name) => parse(foldedName(name)).name === stem)
  if (otherType !== undefined) return otherType
  const near = names
    .slice(0, MOST_COMPARED)
    .filter((name) => Math.abs(name.length - wanted.length) <= 2)
    .map((name) => ({ name, distance: editDistance(plain, foldedName(name)) }))
    .filter(({ distance }) => distance <= 2 && distance < stem.length)
    .sort((one, other) => one.distance - other.distance)
  return near[0]?.name
}

const MOST_SHOWN = 80

/** Says which file is missing, and where it was looked for. */
export function missingMessage(root: string, path: string, nearest: string | undefined): string {
  const place = join(root, dirname(path))
  const hint = nearest === undefined ? '' : `; the nearest name is "${shown(nearest)}"`
  return `is missing: there is no file "${shown(basename(path))}" in the folder "${shown(place)}"${hint}`
}

function shown(name: string): string {
  return name.length > MOST_SHOWN ? `${name.slice(0, MOST_SHOWN)}…` : name
}
