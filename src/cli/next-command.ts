/** What to type next, so that it can be pasted into a shell. */
import type { JobRef } from '../job-status.ts'
import type { JobId } from '../v3/status.ts'
import type { FlagValues } from './flags.ts'
import { PROGRAM } from './program.ts'
import type { CLIENT_FLAGS } from './settings.ts'

const REPEATED_FLAGS = ['env', 'partner-id', 'base-url'] as const satisfies (keyof typeof CLIENT_FLAGS)[]

/** With the flags that say who calls which environment; a job of v3 is known by its id alone. */
export function nextCommand(
  name: 'status' | 'wait',
  job: JobRef | { job_id: JobId },
  values: FlagValues<typeof CLIENT_FLAGS>,
): string {
  const ids = 'user_id' in job ? [job.user_id, job.job_id] : [job.job_id]
  const words: string[] = [...PROGRAM.split(' '), name]
  for (const flag of REPEATED_FLAGS) {
    const value = values[flag]
    if (value !== undefined) words.push(`--${flag}`, value)
  }
  // Words after two dashes are never flags, even if they begin with a dash.
  if (ids.some((id) => id.startsWith('-'))) words.push('--')
  words.push(...ids)
  return words.map(quoteForShell).join(' ')
}

export function quoteForShell(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}
