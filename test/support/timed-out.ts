import { isSmileIdError } from 'smileid-edge/errors'

/**
 * The error of a call that goes out and is not answered in time. Where a busy machine had not sent it when
 * the time was over, which is no fault, it gets more.
 */
export async function timedOut(
  call: (options: { timeoutMs: number; maxRetries: 0 }) => Promise<unknown>,
): Promise<any> {
  for (let timeoutMs = 50; ; timeoutMs *= 4) {
    const error: any = await call({ timeoutMs, maxRetries: 0 }).then(
      () => new Error('it was answered'),
      (reason: unknown) => reason,
    )
    if (error.outcome !== 'not_sent') return error
  }
}

/**
 * What `work` gives within a time limit that it is meant to keep; where a busy machine did not let it, which
 * is no fault, it begins anew and gets more.
 */
export async function givenTime<T>(work: (timeoutMs: number) => Promise<T>): Promise<T> {
  for (let timeoutMs = 50; ; timeoutMs *= 4) {
    try {
      return await work(timeoutMs)
    } catch (error) {
      if (!isSmileIdError(error, 'request_timeout') || timeoutMs > 60_000) throw error
    }
  }
}
