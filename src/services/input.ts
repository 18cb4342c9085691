/** The options of `getServices`. */
import { requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { milliseconds } from '../input/rules.ts'
import { check, type Checked, objectOf, once, optional } from '../input/schema.ts'

export interface ServicesOptions extends RequestOptions {
  /** Milliseconds for which an earlier answer is good enough; 0 always asks. @default 3_600_000 */
  maxAgeMs?: number | undefined
}

const servicesOptions = /* @__PURE__ */ once(() =>
  objectOf<ServicesOptions>({ ...requestOptionEntries(), maxAgeMs: optional(milliseconds(0)) }),
)

/** The options of `getServices`. */
export function checkServicesOptions(options: unknown): Checked<ServicesOptions> {
  return check(servicesOptions(), options ?? {}, 'options')
}
