/** What to type next, so that it can be pasted into a shell. */
import type { JobRef } from '../job-status.ts'
import type { FlagValues } from './flags.ts'
import { PROGRAM } from './program.ts'
import type { CLIENT_FLAGS } from './settings.ts'

const REPEATED_FLAGS = ['env', 'partner-id', 'base-url'] as const satisfies (keyof typeof CLIENT_FLAGS)[]

/** With the flags that say who calls which environment. */
export function nextCommand(
  name: 'status' | 'wait',
  { user_id, job_id }: JobRef,
  values: FlagValues<typeof CLIENT_FLAGS>,
): string {
  const words: string[] = [...PROGRAM.split(' '), name]
  for (const flag of REPEATED_FLAGS) {
    const value = values[flag]
    if (value !== undefined) words.push(`--${flag}`, value)
  }
  // Words after two dashes are never flags, even if they begin with a dash.
  if (user_id.startsWith('-') || job_id.startsWith('-')) words.push('--')
  words.push(user_id, job_id)
  return words.map(quoteForShell).join(' ')
}

export function quoteForShell(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}
