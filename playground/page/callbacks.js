/** The log of callbacks, and the emulator's wrong ones. */
import { call } from './api.js'
import { el, find, findAll, say, sayProblem, when } from './dom.js'

const VERDICTS = {
  verified: ['good', 'genuine, and acted on'],
  replayed: ['', 'genuine, and acted on before: nothing was done'],
  forged: ['bad', 'not signed by the service: nothing was done'],
  unconfirmed: [
    'warn',
    'signed, but the service does not say so itself: nothing was done, and it may come again',
  ],
  failed: ['bad', 'could not be handled: it may come again'],
}
const POLL_MS = 2000

export function setUpCallbacks(section) {
  const [body, out] = [find('tbody', section), find('.out', section)]
  let newest
  async function refresh() {
    const { callbacks } = await call('/api/callbacks')
    if (callbacks[0]?.id === newest && body.children.length) return callbacks
    newest = callbacks[0]?.id
    body.replaceChildren(
      ...(callbacks.length
        ? callbacks.map(row)
        : [el('tr', {}, el('td', { colspan: 5 }, 'None yet: a document job sends one.'))]),
    )
    return callbacks
  }
  const poll = () =>
    refresh()
      .catch(() => {})
      .then(() => setTimeout(poll, document.hidden ? POLL_MS * 5 : POLL_MS))
  poll()
  for (const button of findAll('[data-callback]', section)) {
    button.addEventListener('click', async () => {
      button.disabled = true
      try {
        const { status } = await call('/api/emulator/callbacks', {
          method: 'POST',
          body: { kind: button.dataset.callback },
        })
        const [kind, meaning] = VERDICTS[(await refresh())[0].verdict]
        say(out, kind, `The receiver answered ${status}: ${meaning}.`)
      } catch (error) {
        sayProblem(out, error)
      }
      button.disabled = false
    })
  }
}

const row = ({ at, verdict, status, smile_job_id, code }) =>
  el(
    'tr',
    {},
    el('td', {}, when(at)),
    el(
      'td',
      {},
      el('span', { class: `badge ${VERDICTS[verdict][0]}`, title: VERDICTS[verdict][1] }, verdict),
    ),
    el('td', {}, String(status)),
    el('td', {}, smile_job_id ?? '–'),
    el('td', {}, code ?? '–'),
  )
