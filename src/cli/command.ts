/** What a command is. */
import type { Flags, Given } from './args.ts'
import type { Exit } from './exit.ts'
import type { Io } from './io.ts'

export interface Command<F extends Flags = any> {
  /** One line for the list of commands. */
  summary: string
  /** Names of what stands on the command line without a flag, in order; one in brackets may be left out. */
  operands: readonly string[]
  flags: F
  /** Paragraphs for its own help. */
  details?: string | undefined
  examples: readonly string[]
  run(call: Call<F>): Promise<Exit>
}

export interface Call<F extends Flags> {
  given: Given<F>
  words: readonly string[]
  io: Io
  /** Aborted by the first Ctrl-C; a second one quits. */
  stop: AbortSignal
}

/** Lets a command's own flags type what it is given. */
export const command = <const F extends Flags>(described: Command<F>): Command<F> => described
