/** The options of what is kept in Redis, and what can be wrong with them. */
import { paceOptionEntries, type PaceOptions } from '../bulk/pace-input.ts'
import { callable, filledText } from '../input/rules.ts'
import { objectOf, once, optional } from '../input/schema.ts'

export interface KeyOptions {
  key?: string | undefined
}

export const keyOptions = /* @__PURE__ */ once(() => objectOf<KeyOptions>({ key: optional(filledText()) }))

export interface ReplayStoreOptions extends KeyOptions {
  now?: (() => number) | undefined
}

export const replayStoreOptions = /* @__PURE__ */ once(() =>
  objectOf<ReplayStoreOptions>({ key: optional(filledText()), now: optional(callable()) }),
)

export interface RedisPaceOptions extends PaceOptions {
  /** One gate each. @default 'smileid:pace' */
  key?: string | undefined
  /**
   * Milliseconds since 1970, by one clock for all who share the gate. @default Redis' own clock, by which
   * those whose clocks differ agree
   */
  now?: (() => number) | undefined
}

export const redisPaceOptions = /* @__PURE__ */ once(() =>
  objectOf<RedisPaceOptions>({ key: optional(filledText()), ...paceOptionEntries() }),
)
