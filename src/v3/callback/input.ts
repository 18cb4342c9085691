/** What verifying and handling a callback of v3 take, and what can be wrong with it. */
import { replayStore, verifyEntries } from '../../callback/input.ts'
import type { ReplayStore } from '../../callback/replay-store.ts'
import { callable } from '../../input/rules.ts'
import { check, type Checked, objectOf, once, optional } from '../../input/schema.ts'
import type { VerdictStatus } from '../wire/results.ts'
import type { JobId, PartnerParams } from '../wire/shared.ts'
import type { ConfirmedCallback, VerifiedCallback } from './event.ts'

/**
 * The signature is in headers, so a body needs them beside it. Takes a web Request, and the header objects of
 * Node and Express.
 */
export type CallbackInput =
  | Request
  | {
      headers:
        | { get(name: string): string | null }
        | Readonly<Record<string, string | readonly string[] | undefined>>
      body: string | ArrayBuffer | ArrayBufferView | Readonly<Record<string, unknown>>
    }

export interface VerifyCallbackOptions {
  /** Milliseconds in both directions. 0 means 0; Infinity has to be said. @default 300_000 */
  maxAgeMs?: number | undefined
  /** @default 2_097_152 */
  maxBytes?: number | undefined
}

export interface CallbackHandlerOptions extends VerifyCallbackOptions {
  /** A verdict that was confirmed. What it throws makes the service send again. */
  onVerdict: (callback: ConfirmedCallback & { status: VerdictStatus }, request: Request) => unknown
  /** While people look at it. @default nothing */
  onProcessing?: ((callback: ConfirmedCallback, request: Request) => unknown) | undefined
  /**
   * Later findings of AML monitoring, which no status shows: signed by the sender, confirmed by nobody.
   * Without it they are refused, so that none is lost in silence.
   */
  onAmlMonitoringUpdate?: ((callback: VerifiedCallback, request: Request) => unknown) | undefined
  /**
   * Whether you submitted this job: turns away callbacks about other jobs of yours under a captured
   * signature. A job that was not stored yet is asked for again with the next delivery.
   */
  knows?: ((job: { job_id: JobId; partner_params: PartnerParams }) => boolean | Promise<boolean>) | undefined
  /** For callbacks of v1 that come to the same URL: its `createCallbackHandler(…)`. */
  v1?: ((request: Request) => Promise<Response>) | undefined
  /** @default one in memory */
  replayStore?: ReplayStore | undefined
  /** Why a request was turned away, or what a handler threw, for your logs. */
  onRefused?: ((error: unknown, request: Request) => void) | undefined
}

const verifyOptions = /* @__PURE__ */ once(() => objectOf<VerifyCallbackOptions>(verifyEntries()))

const handlerOptions = /* @__PURE__ */ once(() =>
  objectOf<CallbackHandlerOptions>({
    ...verifyEntries(),
    onVerdict: callable(),
    onProcessing: optional(callable()),
    onAmlMonitoringUpdate: optional(callable()),
    knows: optional(callable()),
    v1: optional(callable()),
    replayStore: optional(replayStore()),
    onRefused: optional(callable()),
  }),
)

export function checkVerifyOptions(options: unknown): Checked<VerifyCallbackOptions> {
  return check(verifyOptions(), options ?? {}, 'options')
}

export function checkHandlerOptions(options: unknown): Checked<CallbackHandlerOptions> {
  return check(handlerOptions(), options ?? {}, 'options')
}
