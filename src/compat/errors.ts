/** What old code reads of errors: what axios had on them. */
import { type AnySmileIdError, SmileIdApiError } from '../errors/classes.ts'

/**
 * What the methods reject with: an SDK error that also answers `catch (e) { e.response?.data?.code }`, as
 * written for axios.
 */
export type CompatError = AnySmileIdError & {
  readonly response?: {
    readonly status: number
    readonly data: { readonly error?: string; readonly code?: string }
  }
}

/** Does the work; errors of the service get a `response`, which is not enumerable and so never printed. */
export async function withAxiosErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SmileIdApiError && error.status) {
      const response = { status: error.status, data: { ...error.body } }
      Object.defineProperty(error, 'response', { value: response, configurable: true })
    }
    throw error
  }
}
