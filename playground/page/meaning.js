/** What replies say, in plain words. */
import { el } from './dom.js'

const DECISIONS = {
  approved: ['good', 'Approved'],
  partial: ['warn', 'No approval: names match in part'],
  provisional: ['warn', 'Provisional: a person still looks at it'],
  rejected: ['bad', 'Rejected'],
  pending: ['', 'Pending'],
  error: ['warn', 'No verdict'],
  unknown: ['warn', 'Unknown code: let a person look'],
}
const ACTIONS = {
  Register_Selfie: 'The photo was kept as the one on file',
  Selfie_Provided: 'A selfie was there',
  Selfie_Check: 'The selfie shows one usable face',
  Liveness_Check: 'A living person, and no picture of one',
  Verify_ID_Number: 'The authority knows the number',
  Return_Personal_Info: 'Personal data came back',
  Selfie_To_ID_Authority_Compare: 'Selfie against the photo of the authority',
  Selfie_To_ID_Card_Compare: 'Selfie against the photo on the document',
  Selfie_To_Registered_Selfie_Compare: 'Selfie against the one on file',
  Update_Registered_Selfie_On_File: 'The photo on file was replaced',
  Document_Check: 'The picture of the document is usable',
  Verify_Document: 'The document is genuine and valid',
  Human_Review_Compare: 'A person compared the faces',
  Human_Review_Liveness_Check: 'A person checked for a living face',
  Human_Review_Selfie_Check: 'A person checked the selfie',
  Human_Review_Update_Selfie: 'A person checked the new photo',
  Human_Review_Document_Check: 'A person checked the document',
}

export const decisionBadge = (decision) =>
  el('span', { class: `badge ${DECISIONS[decision]?.[0] ?? ''}` }, DECISIONS[decision]?.[1] ?? decision)
export const kindOf = (decision) => DECISIONS[decision]?.[0] ?? ''

/** What was looked at, first; what does not apply, counted. */
export function actionsTable(actions) {
  const all = Object.entries(actions)
  const said = all.filter(([, value]) => value !== 'Not Applicable')
  if (!all.length) return []
  return [
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, el('th', {}, 'Action'), el('th', {}, 'Says'))),
      el(
        'tbody',
        {},
        said.map(([name, value]) =>
          el('tr', {}, el('td', {}, ACTIONS[name] ?? name.replaceAll('_', ' ')), el('td', {}, value)),
        ),
      ),
    ),
    all.length > said.length ? el('p', {}, `${all.length - said.length} further actions do not apply.`) : [],
  ].flat()
}

export const verdict = ({ decision, code, text }) =>
  el('p', {}, decisionBadge(decision), ` ${[code, text].filter(Boolean).join(' ')}`)
