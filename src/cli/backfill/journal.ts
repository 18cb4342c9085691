/** The journal of a run: beside its input, unless told otherwise, and of this partner and environment. */
import { stat } from 'node:fs/promises'
import type { Client } from '../../client.ts'
import { inputError } from '../../internal/input-error.ts'
import { type FileJournal, openFileJournal } from '../../node.ts'

/** `'look'` makes none where there is none; `'resume'` insists on one. */
export async function openJournal(path: string, { environment, partnerId }: Client, how: 'look' | 'resume' | 'open'): Promise<FileJournal | undefined> {
  const exists = await stat(path).then(() => true, () => false)
  if (!exists && how === 'look') return undefined
  if (!exists && how === 'resume') throw inputError([{ path: '--resume', code: 'missing', message: 'found no journal to go on with; name it with --journal' }])
  const journal = await openFileJournal(path)
  try {
    // Now, and not only when the first row is sent: a journal of another partner is told before a long check.
    await journal.bind({ environment, partnerId })
    return journal
  } catch (error) {
    await journal.close()
    throw error
  }
}
