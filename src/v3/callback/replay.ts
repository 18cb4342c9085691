/** Callbacks that are to come again. */
import { callbackUrlIssues } from '../../client/addresses.ts'
import { checkRequestOptions } from '../../client/input.ts'
import type { RequestOptions } from '../../client/internals.ts'
import { membersOf } from '../../input/objects.ts'
import { check, type Checked, elsewhere, once, openObjectOf } from '../../input/schema.ts'
import type { Caller } from '../client/caller.ts'
import { begin } from '../http/begin.ts'
import { callV3 } from '../http/call.ts'
import { partsOf } from '../http/parts.ts'
import { isAccepted } from '../http/submit.ts'
import { withMore } from '../input/more-issues.ts'
import { jobId } from '../input/shared.ts'
import type { V3Client } from '../wire/clients.ts'
import { REPLAY } from '../wire/operations.ts'
import type { Accepted } from '../wire/shared.ts'

interface ReplayInput {
  job_id: string
  callback_url?: string | undefined
}

/** Open, so that what a submission returned can be passed on as it is. */
const replayInput = /* @__PURE__ */ once(() =>
  openObjectOf<ReplayInput>({ job_id: jobId(), callback_url: elsewhere() }),
)

/**
 * Has the callback of a job sent again: to where it went, unless told otherwise, and in no case to the
 * client's `callbackUrl`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_running`: there is no callback yet; `job_not_found`, `invalid_request`
 * (nowhere to send it), `unauthorized`, `forbidden`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { replayCallback } from 'smileid-edge/v3/callback'
 *
 * export async function again(client: Client, job_ids: string[]): Promise<void> {
 *   for (const job_id of job_ids) await replayCallback(client, { job_id })
 * }
 * ```
 */
export async function replayCallback(
  client: V3Client,
  job: { job_id: string; callback_url?: string | undefined },
  options: RequestOptions = {},
): Promise<Accepted> {
  const call = begin(client, (caller) => checkReplay(caller, job), checkRequestOptions(options))
  const { job_id, callback_url } = call.input
  const { members } = await callV3(
    call.caller,
    {
      endpoint: REPLAY,
      params: { job_id },
      // No form is fine, and what has another type than a form is not.
      ...(callback_url !== undefined && { parts: partsOf({ callback_url }) }),
      isValid: isAccepted,
    },
    call.options,
  )
  return { ...members, status: 'accepted' } as Accepted
}

function checkReplay(caller: Caller, job: unknown): Checked<ReplayInput> {
  const checked = check(replayInput(), membersOf(job))
  const client = { client: caller.sender.client, callbackUrl: undefined }
  return withMore(checked, callbackUrlIssues(client, checked.value.callback_url, { needed: false }))
}
