/** The row that a message stands for: its photo lies in a bucket, and is read when its turn comes. */
import type { BackfillInput } from '../backfill/input.ts'
import type { BulkOutcome } from '../bulk/outcome.ts'
import { SmileIdInputError, SmileIdNetworkError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { withoutUndefined } from '../input/objects.ts'
import { systemCode } from '../platform/system-errors.ts'
import { type BackfillMessage, isKey, notAKey, type R2Like } from './bindings.ts'

export interface QueueRow {
  row: BackfillInput
  /** The row's outcome: `'failed'`, and not `'invalid'`, where the bucket could not be read. */
  finish(outcome: BulkOutcome): BulkOutcome
}

export function rowOf(message: BackfillMessage, photos: R2Like): QueueRow {
  // Whatever is no row at all ends as such.
  if (typeof message !== 'object' || message === null) return { row: message, finish: (outcome) => outcome }

  let failure: SmileIdNetworkError | undefined
  function fail(error: unknown): never {
    failure = bucketError(error)
    throw failure
  }
  async function readPhoto() {
    const object = await photos.get(message.photo).catch(fail)
    if (!object) throw new SmileIdInputError([issue('photo', 'missing', 'is not in the bucket')])
    return withoutUndefined({
      size: object.size,
      arrayBuffer: () => object.arrayBuffer().catch(fail),
    })
  }
  // What is no key must not pass for a photo.
  const photo = isKey(message.photo) ? readPhoto : () => refusePhoto(message.photo)
  return {
    row: { ...message, photo: photo as BackfillInput['photo'] },
    finish(outcome) {
      if (!failure || outcome.state !== 'invalid') return outcome
      // Changed, not copied: a copy would not know what to say of itself in JSON.
      const end = { state: 'failed', code: failure.code, text: failure.hint, error: failure } as const
      return Object.assign(outcome, end as object) as BulkOutcome<BackfillInput>
    },
  }
}

function refusePhoto(key: unknown): never {
  throw new SmileIdInputError([notAKey(key)])
}

function bucketError(error: unknown): SmileIdNetworkError {
  return new SmileIdNetworkError({
    code: 'network_error',
    operation: 'backfill_users',
    outcome: 'not_sent',
    retryable: true,
    attempts: 0,
    hint: 'R2 could not be read: try again later.',
    cause: systemCode(error),
  })
}
