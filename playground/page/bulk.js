/**
 * Bulk import: files in, progress out. What is under way is on the server: another tab, or this one reloaded,
 * sees the same.
 */
import { call } from './api.js'
import { allowStart, showImport, status } from './bulk-view.js'
import { find, findAll, quiet, say, sayProblem } from './dom.js'
import { sendPhotos, sendTable, sortFiles } from './upload.js'

const POLL_MS = 1000
/** While nothing moves by itself, but another tab may move it. */
const IDLE_MS = 4000

export async function setUpBulk(section, { emulated, sample }) {
  const [drop, out, run] = ['.drop', '.out', '.run'].map((selector) => find(selector, section))
  let current, shownId, timer
  let uploading = false
  const accept = find('.accept input', run)
  accept.addEventListener('change', () => allowStart(run, current))

  async function take(files) {
    if (uploading) return say(out, 'warn', 'Files are on their way already.')
    quiet(out)
    const { table, photos, leftOut } = sortFiles(files)
    if (leftOut.length)
      say(out, table || photos.size ? 'warn' : 'bad', leftOut, 'Left out; nothing of it was sent.')
    if (!table && !photos.size) return
    if (!table && current?.state !== 'uploading')
      return say(out, 'bad', leftOut, 'A table is needed, which says who is on which photo.')
    uploading = true
    clearTimeout(timer)
    try {
      if (table) current = await sendTable(table, () => waiting('The table is'))
      run.hidden = false
      await sendPhotos(current, photos, (done, all, lost) =>
        lost
          ? waiting(`${done} of ${all} photos are on the server, the others are`)
          : status(run, `Uploading: ${done} of ${all} photos.`, done, all),
      )
    } catch (error) {
      sayProblem(out, error)
    } finally {
      uploading = false
      if (current) await poll()
    }
  }

  function waiting(what) {
    run.hidden = false
    status(
      run,
      `The connection was lost. ${what} kept here and sent as soon as it is back: leave this page open.`,
    )
  }

  async function show(view) {
    if (view.id !== shownId) accept.checked = false
    shownId = view.id
    current = view
    const running = view.state === 'running' && view.open > 0
    showImport(run, view, emulated ? await call('/api/emulator') : undefined)
    clearTimeout(timer)
    if (running || view.state === 'uploading' || view.state === 'paused')
      timer = setTimeout(poll, running ? POLL_MS : IDLE_MS)
  }

  /** A lost connection ends nothing here: the queue goes on, and so does the next look. */
  async function poll() {
    if (uploading) return
    clearTimeout(timer)
    try {
      const { id } = current
      const view = await call(`/api/imports/${id}`)
      // Meanwhile there may be another one.
      if (!uploading && current.id === id) await show(view)
    } catch (error) {
      status(
        run,
        error.problem
          ? error.message
          : 'The connection was lost; the import goes on without this page. Looking again.',
      )
      timer = setTimeout(poll, POLL_MS * 3)
    }
  }

  for (const button of findAll('[data-do]', run)) {
    button.addEventListener('click', async () => {
      if (button.disabled) return
      button.disabled = true
      try {
        quiet(out)
        const answer = await call(`/api/imports/${current.id}/${button.dataset.do}`, {
          method: 'POST',
          body: button.dataset.do === 'start' ? { accept_warnings: accept.checked } : undefined,
        })
        await show(answer.id ? answer : await call(`/api/imports/${current.id}`))
      } catch (error) {
        sayProblem(out, error)
        await poll()
      }
    })
  }
  find('input[type=file]', drop).addEventListener('change', ({ target }) =>
    take([...target.files]).finally(() => (target.value = '')),
  )
  drop.addEventListener('dragover', (event) => (event.preventDefault(), drop.classList.add('over')))
  drop.addEventListener('dragleave', () => drop.classList.remove('over'))
  drop.addEventListener('drop', (event) => {
    event.preventDefault()
    drop.classList.remove('over')
    void take([...event.dataTransfer.files])
  })
  find('.sample', drop).addEventListener('click', () =>
    madeUp(60, sample).then(take, (error) => sayProblem(out, error)),
  )

  /** Another tab may have begun one, while nothing was to be done in this one. */
  async function newest() {
    if (uploading || (current && current.state !== 'cancelled' && current.open > 0)) return
    const {
      imports: [latest],
    } = await call('/api/imports')
    if (latest && !uploading) await show(await call(`/api/imports/${latest.id}`))
  }
  document.addEventListener('visibilitychange', () => document.hidden || newest().catch(() => {}))
  await newest()
}

/** A file of people who are not there; two rows are wrong, as in any real file. */
async function madeUp(count, sample) {
  const run = crypto.randomUUID().slice(0, 8)
  const rows = Array.from(
    { length: count },
    (_, i) =>
      `${run}-${String(i + 1).padStart(3, '0')},${i === 7 ? '31/02/2021' : '2021-08-12'},` +
      `${i === 3 ? '' : `${i % 12}.jpg`}`,
  )
  const photos = await Promise.all(
    Array.from(
      { length: 12 },
      async (_, i) => new File([await sample(i + 1)], `${i}.jpg`, { type: 'image/jpeg' }),
    ),
  )
  return [
    new File([['user_id,user_created_at,photo', ...rows, ''].join('\n')], 'users.csv', { type: 'text/csv' }),
    ...photos,
  ]
}
