/** Opens the journal of a run, and checks that it belongs to this partner and environment. */
import { stat } from 'node:fs/promises'
import type { InputIssue } from '../../../errors.ts'
import { SmileIdInputError } from '../../../errors/classes.ts'
import { isInputError, issue } from '../../../errors/issues.ts'
import { type FileJournal, openFileJournal } from '../../../node.ts'
import type { Owner } from './owner.ts'

export interface OpenJournalOptions {
  path: string
  /** What is not known of it is taken from the journal. */
  owner: Owner
  /** `'look'` creates no journal when there is none; `'resume'` insists on an existing one. */
  mode: 'look' | 'resume' | 'open'
  hideUserIds: boolean
}

/**
 * Opens a journal and binds it; a dry run has none where nothing was done yet.
 *
 * @throws {SmileIdInputError} `invalid_input`: there is no journal to resume, or it is for other runs.
 */
export async function openJournal({
  path,
  owner,
  mode,
  hideUserIds,
}: OpenJournalOptions): Promise<FileJournal | undefined> {
  if (mode !== 'open' && !(await exists(path))) {
    if (mode === 'look') return undefined
    throw new SmileIdInputError([
      issue('--resume', 'missing', 'found no journal to go on with; name it with --journal'),
    ])
  }
  const journal = await openFileJournal(path)
  try {
    const { environment = journal.scope?.environment, partnerId = journal.scope?.partnerId } = owner
    if (environment === undefined || partnerId === undefined) {
      await journal.close()
      return undefined
    }
    // Before a long check, and not only when the first row is sent: the journal may be another partner's, or
    // have ids of the other kind.
    await journal.bind({ environment, partnerId, hideUserIds })
    return journal
  } catch (error) {
    await journal.close()
    const isAboutUserIds = isInputError(error) && error.issues[0]?.path === 'options.hideUserIds'
    throw isAboutUserIds ? new SmileIdInputError([hideUserIdsIssue({ isGiven: hideUserIds })]) : error
  }
}

function hideUserIdsIssue({ isGiven }: { isGiven: boolean }): InputIssue {
  if (isGiven) {
    return issue(
      '--hide-user-ids',
      'not_allowed',
      'is for another journal: this one was begun without it, and would know no user again',
    )
  }
  return issue(
    '--hide-user-ids',
    'missing',
    'is missing: the journal was begun with it, and would know no user again',
  )
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
