/** A name that is none of the known ones, and the one that may be meant. */
import { SmileIdInputError } from '../../../errors/classes.ts'
import { issue } from '../../../errors/issues.ts'
import { editDistance } from '../../../platform/edit-distance.ts'
import { printable } from '../../text.ts'

export function notOneOf(
  path: string,
  { given, known }: { given: string; known: readonly string[] },
): SmileIdInputError {
  const names = known.map(printable).join(', ')
  const meant = nearestOf(given, known)
  const proposal = meant === undefined ? '' : `: did you mean ${printable(meant)}?`
  return new SmileIdInputError([issue(path, 'not_allowed', `is not one of ${names}${proposal}`)])
}

/** The name that differs in case and separators alone, or by a slip in a longer one. */
function nearestOf(given: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.toUpperCase().replace(/[\s_-]/g, '')
  const same = known.find((name) => plain(name) === plain(given))
  if (same !== undefined || given.length < 4) return same
  return known.find((name) => editDistance(plain(name), plain(given)) <= 2)
}
