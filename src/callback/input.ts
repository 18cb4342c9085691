/** What verifying and handling a callback take, and what can be wrong with it. */
import { callable, must, numberFrom } from '../input/rules.ts'
import { check, type Checked, type Entries, objectOf, once, optional, type Schema } from '../input/schema.ts'
import type { ConfirmedCallback, VerifiedCallback } from './event.ts'
import type { ReplayStore } from './replay-store.ts'

/**
 * A web Request, its text or bytes, or the parsed body. A framework's own request object does not compile:
 * pass its body.
 */
export type CallbackInput =
  Request | string | ArrayBuffer | ArrayBufferView | Readonly<Record<string, unknown>>

export interface VerifyCallbackOptions {
  /** Milliseconds in both directions. 0 means 0; Infinity has to be said. @default 300_000 */
  maxAgeMs?: number | undefined
  /** @default 2_097_152 */
  maxBytes?: number | undefined
}

export type CallbackHandlerOptions = VerifyCallbackOptions & {
  /**
   * Milliseconds; counts only without confirmation: a job that is read again has no need for a fresh
   * callback. @default 300_000
   */
  maxAgeMs?: number | undefined
  /** @default one in memory */
  replayStore?: ReplayStore | undefined
  /** Why a request was turned away, or what `onResult` threw, for your logs. */
  onRefused?: ((error: unknown, request: Request) => void) | undefined
} & (
    | {
        /** Reads the job again before anything is done. @default true */
        confirm?: true | undefined
        /** Gets what the service says now, never the body. What it throws makes the service send again. */
        onResult: (callback: ConfirmedCallback, request: Request) => unknown
      }
    | {
        /**
         * Also acts on jobs that the job status does not know at all (none was proved for asynchronous ID
         * lookups): their body could have been written by anybody who saw one signed pair.
         */
        confirm: 'when-readable'
        onResult: (callback: ConfirmedCallback | VerifiedCallback, request: Request) => unknown
      }
    | {
        /** Acts on the body, which could have been written by anybody who saw one signed pair. */
        confirm: false
        onResult: (callback: VerifiedCallback, request: Request) => unknown
      }
  )

/** The members of all three forms of the options. */
type HandlerMembers = { [name in keyof CallbackHandlerOptions]: CallbackHandlerOptions[name] }

export function verifyEntries(): Entries<VerifyCallbackOptions> {
  return { maxAgeMs: optional(numberFrom(0)), maxBytes: optional(numberFrom(0)) }
}

const verifyOptions = /* @__PURE__ */ once(() => objectOf<VerifyCallbackOptions>(verifyEntries()))

const handlerOptions = /* @__PURE__ */ once(() =>
  objectOf<HandlerMembers>({
    ...verifyEntries(),
    replayStore: optional(replayStore()),
    onRefused: optional(callable()),
    confirm: optional(must(isConfirmMode, "must be true, false or 'when-readable'", 'wrong_format')),
    onResult: callable(),
  }),
)

export function replayStore(): Schema<ReplayStore> {
  return must<ReplayStore>(isReplayStore, 'must have claim, complete and release')
}

function isReplayStore(store: Partial<ReplayStore>): boolean {
  const { claim, complete, release, count } = store
  const isCounting = count === undefined || typeof count === 'function'
  return isCounting && [claim, complete, release].every((method) => typeof method === 'function')
}

function isConfirmMode(value: unknown): boolean {
  return typeof value === 'boolean' || value === 'when-readable'
}

export function checkVerifyOptions(options: unknown): Checked<VerifyCallbackOptions> {
  return check(verifyOptions(), options ?? {}, 'options')
}

export function checkHandlerOptions(options: unknown): Checked<HandlerMembers> {
  return check(handlerOptions(), options ?? {}, 'options')
}
