/** What to type next, as it can be pasted into a shell. */
import type { JobRef } from '../job-status.ts'
import type { Given } from './args.ts'
import { CLIENT_FLAGS } from './settings.ts'

/** With the flags that say who calls which environment. */
export function nextCommand(
  name: 'status' | 'wait',
  { user_id, job_id }: JobRef,
  given: Given<typeof CLIENT_FLAGS>,
): string {
  const flags = (['env', 'partner-id', 'base-url'] as const satisfies (keyof typeof CLIENT_FLAGS)[]).flatMap(
    (flag) => (given[flag] === undefined ? [] : [`--${flag}`, given[flag]]),
  )
  // What follows two dashes is no flag, however it begins.
  const ids = [user_id, job_id]
  return ['smileid', name, ...flags, ...(ids.some((id) => id.startsWith('-')) ? ['--'] : []), ...ids]
    .map(shellWord)
    .join(' ')
}

export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
