/** Everything outside of the process that a command touches, so that it runs in a test as in a terminal. */

export interface Io {
  /** Adds a line to standard output: the results. */
  out(line: string): void
  /** Adds a line to standard error: messages beside the results. */
  err(line: string): void
  /** Where a person watches; absent in pipes and logs. */
  terminal?: { columns(): number; write(text: string): void } | undefined
  env: Readonly<Record<string, string | undefined>>
  /** Standard input, whole; rejects with an AbortError once the signal is aborted. */
  input(signal: AbortSignal): Promise<Uint8Array>
  /** Calls the handler at each Ctrl-C or request to end. */
  onInterrupt(handler: () => void): void
  /** Ends the process at once. */
  quit(code: number): void
  /** @default the global fetch */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Milliseconds since 1970. */
  now(): number
}
