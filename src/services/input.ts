/** The options of `getServices`. */
import { requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { milliseconds } from '../input/rules.ts'
import { issuesOf, objectOf, once, optional } from '../input/schema.ts'

export interface ServicesOptions extends RequestOptions {
  /** Milliseconds for which an earlier answer is good enough; 0 always asks. @default 3_600_000 */
  maxAgeMs?: number | undefined
}

const servicesOptions = /* @__PURE__ */ once(() =>
  objectOf<ServicesOptions>({ ...requestOptionEntries(), maxAgeMs: optional(milliseconds(0)) }),
)

/** What is wrong with the options of `getServices`. */
export function servicesOptionIssues(options: unknown): InputIssue[] {
  return issuesOf(servicesOptions(), options ?? {}, 'options')
}
