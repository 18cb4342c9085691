/** Bulk import: files in, progress out. What is under way is on the server: another tab, or this one reloaded, sees the same. */
import { call } from './api.js'
import { find, findAll, el, quiet, say, sayProblem } from './dom.js'
import { outcomePlot, ratePlot } from './plots.js'

const UPLOADS = 6
const POLL_MS = 1000

export async function setUpBulk(section, { emulated, sample }) {
  const [drop, out, run] = ['.drop', '.out', '.run'].map((selector) => find(selector, section))
  let current, timer
  let uploading = false

  async function take(files) {
    if (uploading) return say(out, 'warn', 'Files are on their way already.')
    uploading = true
    try {
      quiet(out)
      const csv = files.find(({ name }) => /\.csv$/i.test(name))
      const photos = new Map(files.filter((file) => file !== csv).map((file) => [file.name, file]))
      const wrong = [...photos.values()].filter(({ type }) => type !== 'image/jpeg' && type !== 'image/png').map(({ name }) => name)
      if (wrong.length) return say(out, 'bad', `Neither CSV, JPEG nor PNG: ${wrong.slice(0, 5).join(', ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''}.`)
      if (!csv && current?.state !== 'uploading') return say(out, 'bad', 'A CSV is needed, which says who is on which photo.')
      if (csv) await show(await call(`/api/imports/${crypto.randomUUID()}`, { method: 'PUT', body: csv }))
      await upload(photos)
    } catch (error) {
      sayProblem(out, error)
    } finally {
      uploading = false
      if (current) await show(await call(`/api/imports/${current.id}`).catch(() => current))
    }
  }

  /** A photo that was lost on its way is asked for again: the same files, dropped once more, are what is missing. */
  async function upload(photos) {
    const names = current.missing_photos.names.filter((name) => photos.has(name))
    let done = 0
    const work = async () => {
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        await call(`/api/imports/${current.id}/photos/${encodeURIComponent(name)}`, { method: 'PUT', body: photos.get(name) })
        say(out, '', `${++done} photos uploaded, ${names.length} to go.`)
      }
    }
    const results = await Promise.allSettled(Array.from({ length: UPLOADS }, work))
    const failed = results.find(({ status }) => status === 'rejected')
    if (failed) throw failed.reason
  }

  async function show(view) {
    current = view
    run.hidden = false
    const { state, counts, total, open, missing_photos: missing, dead, note } = view
    const done = open === 0
    const what = state === 'running' && done ? 'Done' : { uploading: 'Ready to start', running: 'Running', paused: 'Paused', cancelled: 'Cancelled' }[state]
    find('.status', run).textContent = `${what}: ${total - open} of ${total} rows have ended.${state === 'uploading' && missing.count ? ` ${missing.count} photos are missing: drop them here, or start without their rows.` : ''}${note ? ` Stopped by ${note}` : ''}`
    Object.assign(find('progress', run), { max: total, value: total - open })
    const can = { start: state === 'uploading' || state === 'paused', pause: state === 'running' && !done, cancel: state !== 'cancelled' && !done, again: state === 'running' && open + dead.length > 0 }
    for (const button of findAll('[data-do]', run)) button.disabled = !can[button.dataset.do]
    find('[data-do=start]', run).textContent = state === 'paused' ? 'Resume' : 'Start'
    const failed = find('.failed', run)
    failed.href = `/api/imports/${view.id}/failed.csv`
    failed.hidden = !Object.keys(counts).some((name) => name !== 'enrolled' && name !== 'exists' && name !== 'waiting')
    ratePlot(find('.rate', run), view.rate)
    outcomePlot(find('.outcomes', run), counts)
    const letters = find('.dead', run)
    letters.hidden = !dead.length
    find('summary', letters).textContent = `${dead.length} rows are dead letters: tried too often`
    find('ul', letters).replaceChildren(...dead.map(({ line, attempts }) => el('li', {}, `line ${line}, after ${attempts} deliveries`)))
    if (emulated) {
      const { enrolments, users } = await call('/api/emulator')
      find('.check', run).textContent = `The emulator counts ${enrolments} enrolments and ${users} users.`
    }
    clearTimeout(timer)
    if (state === 'running' && !done) timer = setTimeout(poll, POLL_MS)
  }

  /** A lost connection ends nothing here: the queue goes on, and so does the next look. */
  async function poll() {
    try {
      await show(await call(`/api/imports/${current.id}`))
    } catch {
      find('.status', run).textContent = 'The connection was lost; the import goes on without this page. Looking again.'
      timer = setTimeout(poll, POLL_MS * 3)
    }
  }

  for (const button of findAll('[data-do]', run)) {
    button.addEventListener('click', async () => {
      if (button.disabled) return
      button.disabled = true
      try {
        const answer = await call(`/api/imports/${current.id}/${button.dataset.do}`, { method: 'POST' })
        await show(answer.id ? answer : await call(`/api/imports/${current.id}`))
      } catch (error) {
        sayProblem(out, error)
        await poll()
      }
    })
  }
  find('input[type=file]', drop).addEventListener('change', ({ target }) => take([...target.files]).finally(() => (target.value = '')))
  drop.addEventListener('dragover', (event) => (event.preventDefault(), drop.classList.add('over')))
  drop.addEventListener('dragleave', () => drop.classList.remove('over'))
  drop.addEventListener('drop', (event) => {
    event.preventDefault()
    drop.classList.remove('over')
    void take([...event.dataTransfer.files])
  })
  find('.sample', drop).addEventListener('click', async () => take(await madeUp(60, sample)))

  const { imports } = await call('/api/imports')
  if (imports[0]) await show(await call(`/api/imports/${imports[0].id}`))
}

/** A file of people who are not there; two rows are wrong, as in any real file. */
async function madeUp(count, sample) {
  const run = crypto.randomUUID().slice(0, 8)
  const rows = Array.from({ length: count }, (_, i) => `${run}-${String(i + 1).padStart(3, '0')},${i === 7 ? '31/02/2021' : '2021-08-12'},${i === 3 ? '' : `${i % 12}.jpg`}`)
  const photos = await Promise.all(Array.from({ length: 12 }, async (_, i) => new File([await sample(i + 1)], `${i}.jpg`, { type: 'image/jpeg' })))
  return [new File([['user_id,user_created_at,photo', ...rows, ''].join('\n')], 'users.csv', { type: 'text/csv' }), ...photos]
}
