/** Replies that say no more than that it worked. */
import { isTrue } from '../result/interpret.ts'

/** Booleans come as texts, too. */
export function isSuccess({ success }: Record<string, unknown>): boolean {
  return isTrue(success)
}
