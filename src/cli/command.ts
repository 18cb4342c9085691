/** What a command is. */
import type { Exit } from './exit.ts'
import type { Flags, FlagValues } from './flags.ts'
import type { Generation, V3Form } from './generation.ts'
import type { Io } from './io.ts'

export interface Command<F extends Flags = any> {
  /** One line for the list of commands. */
  summary: string
  /** Names of the positional arguments, in order; one in brackets may be left out. */
  operands: readonly string[]
  /** For commands that speak v3, too; they have its flag. */
  v3?: V3Form | undefined
  flags: F
  /** Lines for the command's own help. */
  details?: readonly string[] | undefined
  /** Command lines, without the name of the program. */
  examples: readonly string[]
  run(call: Call<F>): Promise<Exit>
}

export interface Call<F extends Flags> {
  values: FlagValues<F>
  positionals: readonly string[]
  /** v1 where the command knows no other. */
  generation: Generation
  io: Io
  /** Aborted by the first Ctrl-C; a second one ends the process. */
  signal: AbortSignal
}

/** Types the values of a command by its own flags. */
export function command<const F extends Flags>(described: Command<F>): Command<F> {
  return described
}
