/** Texts that become part of a path. */
import { idText } from '../../input/ids.ts'
import { must } from '../../input/rules.ts'
import { allOf, type Schema } from '../../input/schema.ts'

/** An id that can stand in a URL: of dots alone, however they are encoded, it would be a step up, or none. */
export function pathText(): Schema<string> {
  const isMore = must<string>((id) => !/^\.\.?$/.test(id), 'must be more than dots', 'wrong_format')
  return allOf(idText(), isMore)
}
