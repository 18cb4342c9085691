/** The log of callbacks, and the emulator's wrong ones. */
import { call } from './api.js'
import { el, find, findAll, say, sayProblem } from './dom.js'

const VERDICTS = { verified: 'good', replayed: '', forged: 'bad', unconfirmed: 'warn', failed: 'bad' }
const POLL_MS = 2000

export function setUpCallbacks(section) {
  const [body, out] = [find('tbody', section), find('.out', section)]
  let newest
  async function refresh() {
    const { callbacks } = await call('/api/callbacks')
    if (callbacks[0]?.id === newest && body.children.length) return
    newest = callbacks[0]?.id
    body.replaceChildren(...callbacks.length ? callbacks.map(row) : [el('tr', {}, el('td', { colspan: 5 }, 'None yet: a document job sends one.'))])
  }
  const poll = () => refresh().catch(() => {}).then(() => setTimeout(poll, document.hidden ? POLL_MS * 5 : POLL_MS))
  poll()
  for (const button of findAll('[data-callback]', section)) {
    button.addEventListener('click', async () => {
      button.disabled = true
      try {
        const { status } = await call('/api/emulator/callbacks', { method: 'POST', body: { kind: button.dataset.callback } })
        say(out, '', `The receiver answered ${status}.`)
        await refresh()
      } catch (error) {
        sayProblem(out, error)
      }
      button.disabled = false
    })
  }
}

const row = ({ at, verdict, status, smile_job_id, code }) => el('tr', {},
  el('td', {}, new Date(at).toLocaleTimeString()), el('td', {}, el('span', { class: `badge ${VERDICTS[verdict]}` }, verdict)), el('td', {}, String(status)), el('td', {}, smile_job_id ?? '–'), el('td', {}, code ?? '–'))
