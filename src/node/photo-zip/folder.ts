/** The files of a zip by their names, as in folders. */
import { createNameList, type NameList } from '../name-list.ts'

/** Where a file lies in its zip, and what the zip says of it. */
export interface ZippedFile {
  /** Of its header, from the start of the zip. */
  start: number
  packedSize: number
  size: number
  method: number
  crc32: number
  isEncrypted: boolean
  /** Whether the zip has another one of this name. */
  isTwice: boolean
}

/** What a name leads to. */
type ZipSearch =
  | { kind: 'file'; file: ZippedFile; name: string }
  /** It leads out of the zip. */
  | { kind: 'outside' }
  | { kind: 'missing'; nearest: string | undefined }

export interface ZipFolder {
  /** The files and folders in it. */
  names(): string[]
  find(path: string): ZipSearch
  /** Names that lead out of the zip, and what Macs add to one, are left out. */
  add(path: string, file: ZippedFile): void
}

interface Node {
  folders: Map<string, Node>
  files: Map<string, ZippedFile>
  /** Made when a name is looked for that is not there as it is. */
  list?: NameList
}

export function createFolder(): ZipFolder {
  const root = createNode()
  return {
    names: () => namesIn(innerOf(root)),
    find: (path) => find(root, path),
    add(path, file) {
      const steps = stepsOf(path)
      // Folders have names of their own, with a slash at the end.
      if (!steps || path.endsWith('/') || isOfMac(steps)) return
      let node = root
      for (const name of steps.slice(0, -1)) node = childOf(node, name)
      const name = steps.at(-1)!
      const known = node.files.get(name)
      node.files.set(name, known ? { ...known, isTwice: true } : file)
    },
  }
}

const createNode = (): Node => ({ folders: new Map(), files: new Map() })

function childOf(node: Node, name: string): Node {
  const known = node.folders.get(name)
  if (known) return known
  const made = createNode()
  node.folders.set(name, made)
  return made
}

/** The names on the way; `undefined` where they lead out of the zip, or nowhere. */
function stepsOf(path: string): string[] | undefined {
  const steps: string[] = []
  if (path.startsWith('/') || path.includes('\0')) return undefined
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.pop() === undefined) return undefined
  }
  return steps.length > 0 ? steps : undefined
}

/** Macs pack a second file beside each one, in a folder of its own, and how folders look. */
function isOfMac(steps: readonly string[]): boolean {
  return steps[0] === '__MACOSX' || steps.at(-1) === '.DS_Store'
}

const namesIn = ({ files, folders }: Node) => [...files.keys(), ...folders.keys()]

/** A folder that was packed as a whole is in the zip by its name: what is in it can be named without that. */
function innerOf(root: Node): Node {
  let node = root
  while (node.files.size === 0 && node.folders.size === 1) {
    for (const only of node.folders.values()) node = only
  }
  return node
}

function find(root: Node, path: string): ZipSearch {
  const steps = stepsOf(path)
  if (!steps) return { kind: 'outside' }
  const found = walk(root, steps)
  if (found.kind === 'file') return found
  const inner = innerOf(root)
  return inner === root ? found : walk(inner, steps)
}

function walk(from: Node, steps: readonly string[]): ZipSearch & { kind: 'file' | 'missing' } {
  let node = from
  for (const step of steps.slice(0, -1)) {
    const next = node.folders.get(step) ?? node.folders.get(listOf(node).same(step) ?? '')
    if (!next) return { kind: 'missing', nearest: undefined }
    node = next
  }
  const wanted = steps.at(-1)!
  const name = node.files.has(wanted) ? wanted : listOf(node).same(wanted)
  const file = name === undefined ? undefined : node.files.get(name)
  if (name !== undefined && file) return { kind: 'file', file, name }
  return { kind: 'missing', nearest: listOf(node).nearest(wanted) }
}

function listOf(node: Node): NameList {
  node.list ??= createNameList(namesIn(node))
  return node.list
}
