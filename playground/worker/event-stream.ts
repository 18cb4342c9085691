/** What is watched, as server-sent events: each status, then `end`, or the problem that ended it. */
import { problemOf } from './problem.ts'

export const MAX_WAIT_MS = 300_000

/** `watch` gets a signal that is aborted when the browser has gone. */
export function eventStream<S>(
  watch: (signal: AbortSignal) => AsyncGenerator<S, void, undefined>,
  shown: (status: S) => object,
): Response {
  const gone = new AbortController()
  const statuses = watch(gone.signal)
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      try {
        const { value, done } = await statuses.next()
        stream.enqueue(done ? event('end', {}) : event('status', shown(value as S)))
        if (done) stream.close()
      } catch (error) {
        if (gone.signal.aborted) return
        stream.enqueue(event('problem', problemOf(error)))
        stream.close()
      }
    },
    cancel: () => gone.abort(),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}

const event = (name: string, data: object): Uint8Array =>
  new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
