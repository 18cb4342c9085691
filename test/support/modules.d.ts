/** Types of modules that TypeScript cannot read itself. */
declare module '*/canary-files.mjs' {
  import type { Trace } from './canary'

  export const EXPECTED: readonly (readonly [pattern: RegExp, reason: string])[]
  export function canary(): Promise<typeof import('./canary')>
  export function searchFolder(
    fs: unknown,
    path: string,
    tracesIn: (text: string) => Trace[],
  ): { searched: number; found: (Trace & { place: string })[] }
}

declare module 'd3-dsv' {
  export function dsvFormat(delimiter: string): { parseRows(text: string): string[][] }
}

declare module 'papaparse' {
  const Papa: {
    parse<T>(
      text: string,
      options: { delimiter: string; skipEmptyLines: boolean },
    ): { data: T[]; errors: { message: string }[] }
  }
  export default Papa
}

declare module '*/nodes.mjs' {
  export function nodes(): Promise<{
    found: { command: string; version: string }[]
    missing: number[]
    reason: string
  }>
}
