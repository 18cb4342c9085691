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
