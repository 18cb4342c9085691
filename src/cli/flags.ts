/** What a flag is, and the values that a command gets for its flags. */

/**
 * What a flag takes: nothing, text, one of a list, a whole number from 1, a number above 0, or a duration
 * (`500ms`, `30s`, `5m`, `2h`), which is read as milliseconds.
 */
type FlagKind = 'switch' | 'text' | 'count' | 'number' | 'duration' | readonly string[]

export interface Flag {
  kind: FlagKind
  help: string
  /** What the help calls its value. @default VALUE */
  value?: string | undefined
  /** A single letter, to be given after one dash. */
  short?: string | undefined
  /** The flag can be repeated: its value is a list. */
  many?: true | undefined
  /** The generation of the API that the flag belongs to. @default both */
  only?: 'v1' | 'v3' | undefined
}

/** A flag of one kind, for code that several commands share. */
export type FlagOf<K extends FlagKind> = Omit<Flag, 'kind'> & { kind: K }

export type Flags = Readonly<Record<string, Flag>>

type ValueOfKind<K extends FlagKind> = K extends 'switch'
  ? boolean
  : K extends 'text'
    ? string
    : K extends readonly (infer Choice)[]
      ? Choice
      : number

/** By the names of the flags, without dashes; a flag that was not given has no value. */
export type FlagValues<F extends Flags> = {
  [Name in keyof F]?: F[Name] extends { many: true }
    ? readonly ValueOfKind<F[Name]['kind']>[]
    : ValueOfKind<F[Name]['kind']>
}

export const DEFAULT_VALUE_NAME = 'VALUE'
