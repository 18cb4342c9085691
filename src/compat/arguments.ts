/** The arguments of old code as they are when it calls: they may be anything, and may change later. */
import { copyAsJson } from '../input/json-copy.ts'
import { type Members, membersOf } from '../input/objects.ts'
import { attempt, isArray } from '../platform/realms.ts'
import { mistake } from './mistake.ts'

/** A copy of an object as it would be sent; anything else as it is. */
export function copyOf<T>(value: T, path: string): T {
  if (typeof value !== 'object' || value === null) return value
  const copied = copyAsJson(value)
  if (copied.ok) return copied.value as T
  throw mistake(path, `${path} ${copied.message}`, 'wrong_type')
}

/** The members of an argument that may be left out. */
export function optionsOf(value: unknown): Members {
  return membersOf(copyOf(value, 'options'))
}

/** A list of images with what it was made of; what is no list, as it is. */
export function copyOfImages<T>(images: T): T {
  if (!isArray(images)) return images
  return attempt(() => Array.from(images as unknown[], copyOfImage)) as T
}

function copyOfImage(entry: unknown): object {
  const { image_type_id, image } = attempt(() => ({ ...membersOf(entry) })) ?? {}
  const hasType = ['string', 'number', 'undefined'].includes(typeof image_type_id)
  return { image_type_id: hasType ? image_type_id : null, image }
}

/** What an argument says; nothing, where it is an object. */
export function textOf(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? '' : String(value)
}
