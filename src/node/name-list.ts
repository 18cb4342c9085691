/** Names that are written in another way than where they are looked for, and names that are nearly right. */
import { parse } from 'node:path'
import { editDistance } from '../platform/edit-distance.ts'

/** The names in one folder. */
export interface NameList {
  /** The name that is meant: the same, the same in NFC and NFD, or the one that differs in case alone. */
  same(wanted: string): string | undefined
  /** A name that is nearly the same. */
  nearest(wanted: string): string | undefined
}

export function createNameList(names: readonly string[]): NameList {
  const known = new Set(names)
  const composed = grouped(names, composedName)
  const folded = grouped(names, foldedName)
  return {
    same(wanted) {
      if (known.has(wanted)) return wanted
      const same = composed.get(composedName(wanted)) ?? folded.get(foldedName(wanted)) ?? []
      return same.length === 1 ? same[0] : undefined
    },
    nearest: (wanted) => folded.get(foldedName(wanted))?.[0] ?? nearestName(names, wanted),
  }
}

const composedName = (name: string) => name.normalize('NFC')
const foldedName = (name: string) => name.normalize('NFC').toLowerCase()

function grouped(names: readonly string[], keyOf: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const key = keyOf(name)
    const group = groups.get(key)
    if (group) group.push(name)
    else groups.set(key, [name])
  }
  return groups
}

/** Of larger folders, the first names: it is only a hint. */
const MOST_COMPARED = 2000
const MOST_LETTERS = 100

function nearestName(names: readonly string[], wanted: string): string | undefined {
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
export function missingMessage(
  name: string,
  { place, nearest }: { place: string; nearest: string | undefined },
): string {
  const hint = nearest === undefined ? '' : `; the nearest name is "${shown(nearest)}"`
  return `is missing: there is no file "${shown(name)}" in ${place}${hint}`
}

/** A name as a message shows it. */
export function shown(name: string): string {
  return name.length > MOST_SHOWN ? `${name.slice(0, MOST_SHOWN)}…` : name
}
