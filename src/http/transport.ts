/** The one place that sends: ofetch around the client's fetch. */
import { isWorkerd } from '../platform/runtime.ts'
import type { ClientInternals, FetchLike } from '../client/internals.ts'
import { createFetch } from 'ofetch'

export async function request(internals: ClientInternals, url: string, init: RequestInit): Promise<Response> {
  try {
    internals.raw ??= createFetch({ fetch: internals.fetch as typeof globalThis.fetch }).raw as FetchLike
    return await internals.raw(url, {
      ...init,
      retry: 0,
      ignoreResponseError: true,
      responseType: 'stream',
      // workerd does not know 'error'; on Node it also spares a copy of the whole body.
      redirect: isWorkerd() ? 'manual' : 'error',
    } as RequestInit)
  } catch (error) {
    // ofetch's own error quotes the URL and holds the request.
    throw (error as Error).cause ?? error
  }
}
