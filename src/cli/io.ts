/** All of the world that a command touches, so that it runs in a test as it does in a terminal. */
export interface Io {
  /** Adds a line to the results. */
  out(line: string): void
  /** Adds a line to what is said beside them. */
  err(line: string): void
  /** Where a person watches; absent in pipes and logs. */
  terminal?: { columns(): number; write(text: string): void } | undefined
  env: Readonly<Record<string, string | undefined>>
  /** Standard input, whole; rejects with an AbortError. */
  input(signal: AbortSignal): Promise<string>
  /** Calls the handler at each Ctrl-C or request to end. */
  onInterrupt(handler: () => void): void
  /** Ends the process at once. */
  quit(code: number): void
  /** @default the global fetch */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Milliseconds since 1970. */
  now(): number
}

/**
 * Without what a terminal would obey: texts of files and servers could move the cursor or paint over what
 * stands there.
 */
export const plain = (text: string): string =>
  text.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+/g, ' ')

/** Pairs, one on a line. */
export const lines = (members: Readonly<Record<string, unknown>>): string => {
  const shown = Object.entries(members).filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${plain(`${value}`)}`).join('\n')
}
