/** Which generation of the API a command line speaks, for the commands that speak both. */
import type { InputIssue } from '../errors.ts'
import { issue } from '../errors/issues.ts'
import type { Flags } from './flags.ts'

export type Generation = 'v1' | 'v3'

/** How a command is written for v3. */
export interface V3Form {
  operands: readonly string[]
  /** Whether the rest of the command line says so without `--v3`. */
  isMeant?(given: Given): boolean
}

export interface Given {
  values: Readonly<Record<string, unknown>>
  positionals: readonly string[]
}

export const V3_FLAG = {
  v3: { kind: 'switch', help: 'speak v3 of the API, which new customers are given' },
} as const satisfies Flags

export function generationOf(form: V3Form | undefined, given: Given): Generation {
  if (!form) return 'v1'
  return given.values.v3 === true || form.isMeant?.(given) ? 'v3' : 'v1'
}

/** Flags that the other generation alone has. */
export function generationIssues(
  flags: Flags,
  { generation, values }: { generation: Generation; values: Given['values'] },
): InputIssue[] {
  const foreign = Object.entries(flags).filter(
    ([name, { only }]) => only !== undefined && only !== generation && values[name] !== undefined,
  )
  return foreign.map(([name, { only }]) => {
    const cure = only === 'v3' ? 'add --v3' : 'v3 has nothing like it'
    return issue(`--${name}`, 'not_allowed', `is of ${only} alone: ${cure}`)
  })
}

/** Whether the only word is a job id of v3: v1 asks for two. */
export function isJobOfV3({ positionals }: Given): boolean {
  return positionals.length === 1 && positionals[0]!.startsWith('job_')
}
