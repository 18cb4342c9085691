/** The journal of a run: beside its input, unless told otherwise, and of this partner and environment. */
import { stat } from 'node:fs/promises'
import type { Client } from '../../../client.ts'
import { inputError, isInputError, issue } from '../../../errors/issues.ts'
import { type FileJournal, openFileJournal } from '../../../node.ts'

/** `'look'` makes none where there is none; `'resume'` insists on one. */
export async function openJournal(
  path: string,
  { environment, partnerId }: Client,
  how: 'look' | 'resume' | 'open',
  hideUserIds: boolean,
): Promise<FileJournal | undefined> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  if (!exists && how === 'look') return undefined
  if (!exists && how === 'resume')
    throw inputError([issue('--resume', 'missing', 'found no journal to go on with; name it with --journal')])
  const journal = await openFileJournal(path)
  try {
    // Now, and not only when the first row is sent: a journal of another partner, or with ids of another
    // kind, is told before a long check.
    await journal.bind({ environment, partnerId, hideUserIds })
    return journal
  } catch (error) {
    await journal.close()
    if (!isInputError(error) || error.issues[0]!.path !== 'options.hideUserIds') throw error
    throw inputError([
      {
        path: '--hide-user-ids',
        ...(hideUserIds
          ? {
              code: 'not_allowed',
              message: 'is for another journal: this one was begun without it, and would know no user again',
            }
          : {
              code: 'missing',
              message: 'is missing: the journal was begun with it, and would know no user again',
            }),
      },
    ])
  }
}
