/**
 * The least of what the platform's test modules give; their own types would bring globals that clash with
 * those of browsers.
 */
declare module 'cloudflare:workers' {
  export const env: unknown
}

declare module 'cloudflare:test' {
  interface TestMessage {
    id: string
    timestamp: Date
    attempts: number
    body: unknown
  }
  interface TestBatch {
    messages: {
      id: string
      body: any
      attempts: number
      ack(): void
      retry(options?: { delaySeconds?: number }): void
    }[]
    retryAll(options?: { delaySeconds?: number }): void
  }
  export function createMessageBatch(queue: string, messages: TestMessage[]): TestBatch
  export function createExecutionContext(): object
  export function getQueueResult(
    batch: TestBatch,
    context: object,
  ): Promise<{
    outcome: string
    ackAll: boolean
    retryBatch: { retry: boolean; delaySeconds?: number }
    explicitAcks: string[]
    retryMessages: { msgId: string; delaySeconds?: number }[]
  }>
}

/** What Vite makes of files as text. */
interface ImportMeta {
  glob<T>(pattern: string, options: { query: string; import: string; eager: true }): Record<string, T>
}
