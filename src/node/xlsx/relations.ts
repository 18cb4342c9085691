/** Which part of an .xlsx leads to which: they need not be called as Excel calls them. */
import { posix } from 'node:path'
import { type OpenParts, readWholeXml } from './parts.ts'

export interface Relation {
  /** The last word of its type, such as `worksheet` or `sharedStrings`. */
  kind: string
  /** The name of the part that it leads to. */
  path: string
}

/** The relations of a part, by their ids; those of the package itself without a name. */
export function readRelations(openParts: OpenParts, part = ''): Map<string, Relation> {
  const folder = posix.dirname(part)
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  const relations = new Map<string, Relation>()
  readWholeXml(openParts([name]).get(name), {
    open(element, { Id, Target, Type = '' }) {
      if (element !== 'Relationship' || !Id || !Target) return
      const path = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target)
      relations.set(Id, { kind: Type.slice(Type.lastIndexOf('/') + 1), path })
    },
  })
  return relations
}

/** The path of the first one of a kind. */
export function pathOfKind(relations: Map<string, Relation>, kind: string): string | undefined {
  return [...relations.values()].find((relation) => relation.kind === kind)?.path
}
