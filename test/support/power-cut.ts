/** The file of a journal as a power cut may leave it, page by page. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { seeded } from '../../src/emulator/random.ts'

/** How long each sync takes. */
const SYNC_MS = 15
/** Small, so that a short journal has many. */
const PAGE_BYTES = 512
/** Beyond so many pages that are not on disk, not each of their subsets is tried. */
const MOST_PAGES = 3
const TRIES = 6

/** What the file was at one time. */
export interface Moment<T> {
  /** As it was when the last sync that has ended began. */
  durable: Buffer
  /** As processes see it. */
  current: Buffer
  /** The sizes that it had since then. */
  sizes: number[]
  facts: T
}

/**
 * Watches the file at `path` as a process writes it: call `look` after each write. Each sync is seen by
 * itself; `facts` are asked for at each moment.
 */
export async function recordFile<T>(
  path: string,
  facts: () => T,
): Promise<{ look(): void; stop(): Moment<T>[] }> {
  const moments: Moment<T>[] = []
  let durable = read(path)
  let sizes = [durable.length]

  function look(): void {
    const current = read(path)
    sizes.push(current.length)
    moments.push({ durable, current, sizes: [...sizes], facts: facts() })
  }

  const handle = await open('/dev/null')
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const { datasync } = prototype
  prototype.datasync = async function (this: FileHandle) {
    look()
    const content = read(path)
    await datasync.call(this)
    // As long as a disk takes, so that more is written meanwhile.
    await new Promise((resolve) => setTimeout(resolve, SYNC_MS))
    durable = content
    sizes = [content.length]
    look()
  }
  return {
    look,
    stop() {
      prototype.datasync = datasync
      return moments
    },
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}

/** What the disk may hold when the power is cut: any of the pages that were not synced may be missing. */
export function* statesOf(moment: Moment<unknown>, seed: number): Generator<Buffer> {
  const { durable, current, sizes } = moment
  const random = seeded(seed)
  const seen = new Set<string>()
  for (const size of new Set([...sizes, current.length])) {
    const pages = changedPages(durable, current.subarray(0, size))
    for (const lost of subsetsOf(pages, random)) {
      const state = Buffer.alloc(size)
      current.copy(state, 0, 0, size)
      for (const page of lost) losePage(state, durable, page)
      const digest = createHash('sha1').update(state).digest('hex')
      if (seen.has(digest)) continue
      seen.add(digest)
      yield state
    }
  }
}

function changedPages(durable: Buffer, current: Buffer): number[] {
  const pages: number[] = []
  for (let start = 0; start < current.length; start += PAGE_BYTES) {
    const end = start + PAGE_BYTES
    if (!durable.subarray(start, end).equals(current.subarray(start, end))) pages.push(start / PAGE_BYTES)
  }
  return pages
}

function* subsetsOf(pages: readonly number[], random: () => number): Generator<number[]> {
  if (pages.length <= MOST_PAGES) {
    for (let bits = 0; bits < 2 ** pages.length; bits++) yield pages.filter((_, index) => (bits >> index) & 1)
    return
  }
  yield []
  yield [...pages]
  for (let tries = 0; tries < TRIES; tries++) yield pages.filter(() => random() < 0.5)
}

/** Gives the page what was on disk, which is nothing where the file was shorter. */
function losePage(state: Buffer, durable: Buffer, page: number): void {
  const start = page * PAGE_BYTES
  const end = Math.min(start + PAGE_BYTES, state.length)
  state.fill(0, start, end)
  state.set(durable.subarray(start, end), start)
}
