/** info.json for tests to look at: of what may be personal or secret, only the types are left. */
import { isObject, withoutUndefined } from '../input/objects.ts'
import type { JsonObject } from './model.ts'

export function redactInfo(info: JsonObject): JsonObject {
  const { package_information, misc_information, images, ...others } = info
  const redacted: JsonObject = {}
  if (package_information !== undefined) redacted.package_information = package_information
  if (misc_information !== undefined) redacted.misc_information = redactMiscInformation(misc_information)
  Object.assign(redacted, typesOf(others))
  if (Array.isArray(images)) redacted.images = images.map(redactImage)
  return redacted
}

function redactMiscInformation(given: unknown): JsonObject {
  const misc = typeof given === 'object' && given !== null ? (given as JsonObject) : {}
  const { retry, file_name, partner_params, smile_client_id, ...others } = misc
  return {
    ...withoutUndefined({ retry, file_name, partner_params, smile_client_id }),
    ...typesOf(others),
  }
}

function redactImage(item: unknown): unknown {
  return isObject(item) && item.image ? { ...item, image: typeof item.image } : item
}

function typesOf(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, typeOf(value)]))
}

/** Lists and objects stay what they are, with types in place of their values. */
function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typeOf)
  if (isObject(value)) return typesOf(value)
  return value === null ? 'null' : typeof value
}
