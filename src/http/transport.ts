/** The one place that sends: ofetch around the client's own fetch. */
import { createFetch } from 'ofetch'
import type { FetchLike, Sender } from '../client/internals.ts'
import { isWorkerd } from '../platform/runtime.ts'

/** The client's fetch with ofetch around it, made at the client's first call. */
export function transportOf(internals: Sender): FetchLike {
  return (internals.fetchRaw ??= makeTransport(internals.fetch))
}

function makeTransport(fetch: FetchLike): FetchLike {
  const { raw } = createFetch({ fetch: fetch as typeof globalThis.fetch })
  return (url, init) => request(raw as FetchLike, url, init)
}

function request(raw: FetchLike, url: string, init: RequestInit): Promise<Response> {
  const { method, headers, body, signal } = init
  // Member by member: ofetch copies and changes it, which takes far longer of what was spread together.
  const options = {
    method,
    headers,
    body,
    signal,
    // workerd does not know 'error'; on Node it also spares a copy of the whole body.
    redirect: isWorkerd() ? 'manual' : 'error',
    // Retries, timeouts and bodies are up to attempts: ofetch's own stop at the headers, and repeat a 409.
    retry: 0,
    ignoreResponseError: true,
    responseType: 'stream',
  }
  return raw(url, options as RequestInit).catch((error: Error) => {
    // ofetch's own error quotes the URL and holds the request.
    throw error.cause ?? error
  })
}
