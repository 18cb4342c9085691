/** The least of each binding that the playground uses; Cloudflare's own fit. */
import type { BackfillMessage } from 'smileid-edge/cloudflare'

interface Statement {
  bind(...values: unknown[]): Statement
  run(): Promise<{ meta: { changes?: number } }>
  all<T>(): Promise<{ results: T[] }>
  first<T>(): Promise<T | null>
}

interface Database {
  prepare(sql: string): Statement
  batch(statements: Statement[]): Promise<unknown[]>
}

interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>
  put(key: string, value: ArrayBuffer | Uint8Array): Promise<unknown>
}

interface Service {
  fetch(input: Request | string, init?: RequestInit): Promise<Response>
}

/** What the queue carries: where the row stands, never the photo itself. */
export interface RowMessage extends BackfillMessage {
  import_id: string
  line: number
}

export interface Message {
  readonly body: RowMessage
  readonly attempts: number
  ack(): void
  retry(options?: { delaySeconds?: number }): void
}

export interface Batch {
  readonly queue: string
  readonly messages: readonly Message[]
  retryAll(options?: { delaySeconds?: number }): void
}

export interface Env {
  DB: Database
  PHOTOS: Bucket
  ROWS: { sendBatch(messages: Iterable<{ body: RowMessage; delaySeconds?: number }>): Promise<unknown> }
  ASSETS: Service
  /** The emulator, bound as the API. A deployment with real credentials has none. */
  SMILE_ID_API?: Service
  SMILE_ID_PARTNER_ID: string
  SMILE_ID_API_KEY: string
  SMILE_ID_ENVIRONMENT: string
  SMILE_ID_BASE_URL?: string
  SMILE_ID_CALLBACK_URL?: string
  /** Calls a second that all consumers together may make. @default no limit but the service's */
  RATE_PER_SECOND?: string
  /**
   * Milliseconds per call of an import; a row whose worker died is taken up again half a minute after that.
   * @default 30_000
   */
  CALL_TIMEOUT_MS?: string
  /** Signs the session cookie. */
  SESSION_SECRET: string
  /** What one signs in with, outside of emulator mode. */
  PLAYGROUND_TOKEN?: string
  /**
   * Where people read what becomes of their data, https: v3 verifies nobody who has not agreed to it.
   * @default a made-up address with the emulator; without it, there is no verification by v3
   */
  PRIVACY_NOTICE_URL?: string
  /** Two letters. @default EN */
  PRIVACY_NOTICE_LANGUAGE?: string
  /**
   * The host names that the playground answers to, with spaces or commas between them.
   * @default those of this machine with the emulator, else all
   */
  PLAYGROUND_HOSTS?: string
}

/** What the runtime hands over beside the environment. */
export interface Life {
  waitUntil(work: Promise<unknown>): void
}
