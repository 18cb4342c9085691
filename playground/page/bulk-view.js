/** An import as it stands, and what can be done about it. */
import { el, find, findAll } from './dom.js'
import { outcomePlot, ratePlot } from './plots.js'

const STATES = { uploading: 'Ready to start', running: 'Running', paused: 'Paused', cancelled: 'Cancelled' }
/** What the note of an import means, by its state. */
const WHY = {
  running: 'No row is lost or used up meanwhile: as soon as one gets through, all go on.',
  paused:
    'This was refused to one row and would be to all, so the import held itself. No row is ' +
    'lost or used up: mend it, then resume.',
}
const count = (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

export function status(run, text, value, max) {
  find('.status', run).textContent = text
  if (max) Object.assign(find('progress', run), { max, value })
}

export function showImport(run, view, emulator) {
  const { id, state, counts, total, open, missing_photos: missing, problems, dead, note } = view
  const done = open === 0
  run.hidden = false
  const ended =
    `${(total - open).toLocaleString('en')} of ${count(total, 'row')} ` +
    `${total === 1 ? 'has' : 'have'} ended.`
  const missingText = missing.count
    ? ` ${count(missing.count, 'photo is', 'photos are')} missing: drop them here, ` +
      'or start without their rows.'
    : ''
  const ready = `${open.toLocaleString('en')} of ${count(total, 'row')} can be sent.${missingText}`
  status(
    run,
    `${state === 'running' && done ? 'Done' : STATES[state]}: ${state === 'uploading' ? ready : ended}`,
    state === 'uploading' ? 0 : total - open,
    total,
  )

  const why = find('.why', run)
  why.hidden = !note || !(state in WHY)
  why.replaceChildren(...(note ? [el('strong', {}, note), el('p', {}, WHY[state])] : []))

  const can = {
    start: state === 'uploading' && !done,
    resume: state === 'paused',
    pause: state === 'running' && !done,
    cancel: state !== 'cancelled' && !done,
    again: state === 'running' && open + dead.length > 0,
  }
  for (const button of findAll('[data-do]', run)) {
    const here = can[button.dataset.as ?? button.dataset.do]
    button.hidden = !here
    button.disabled = !here
  }
  allowStart(run, view)
  const failed = find('.failed', run)
  failed.href = `/api/imports/${id}/failed.csv`
  failed.hidden = !Object.keys(counts).some(
    (name) => name !== 'enrolled' && name !== 'exists' && name !== 'waiting',
  )

  const looksDamaged = state === 'uploading' ? view.warnings : { count: 0, rows: [] }
  find('.damaged', run).hidden = looksDamaged.count === 0
  list(
    find('.warnings', run),
    looksDamaged.rows,
    looksDamaged.count,
    `${count(looksDamaged.count, 'row looks', 'rows look')} damaged`,
    ({ line, text }) => `line ${line}: ${text}`,
  )

  const begun = view.rate.length > 0
  find('.plots', run).hidden = !begun
  if (begun) ratePlot(find('.rate', run), view.rate)
  if (begun) outcomePlot(find('.outcomes', run), counts)
  const wrong = (counts.invalid ?? 0) + (counts.rejected ?? 0)
  list(
    find('.problems', run),
    problems,
    wrong,
    `${count(wrong, 'row is', 'rows are')} wrong`,
    ({ line, text }) => `line ${line}: ${text ?? 'refused'}`,
  )
  list(
    find('.dead', run),
    dead,
    dead.length,
    `${count(dead.length, 'row was', 'rows were')} tried too often`,
    ({ line, attempts, text }) =>
      `line ${line}, after ${count(attempts, 'delivery', 'deliveries')}${text ? `: ${text}` : ''}`,
  )
  if (emulator)
    find('.check', run).textContent =
      `The emulator counts ${count(emulator.enrolments, 'enrolment')} and ${count(emulator.users, 'user')}.`
}

/** What looks damaged is not sent before somebody has said that it is right. */
export function allowStart(run, { state, open, warnings }) {
  const isAccepted = warnings.count === 0 || find('.accept input', run).checked
  find('[data-do=start]:not([data-as])', run).disabled = state !== 'uploading' || open === 0 || !isAccepted
}

function list(details, rows, all, title, text) {
  details.hidden = !rows.length
  find('summary', details).textContent = title
  find('ul', details).replaceChildren(
    ...rows.map((row) => el('li', {}, text(row))),
    all > rows.length ? el('li', {}, `and ${all - rows.length} more`) : '',
  )
}
