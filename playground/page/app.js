/** The page: who is there first, then one part per task. */
import { call, onSignedOut, session, signOut } from './api.js'
import { setUpBulk } from './bulk.js'
import { setUpCallbacks } from './callbacks.js'
import { find, findAll, quiet, sayProblem } from './dom.js'
import { setUpFaults } from './faults.js'
import { setUpDocument, setUpEnrol, setUpVerify } from './tasks.js'

/** Time to read two lines twice. */
const NOTICE_MS = 15_000
const badge = find('#mode')
const show = (text, kind) => Object.assign(badge, { textContent: text, className: `badge ${kind}` })

async function samplePhoto(seed = Math.ceil(Math.random() * 1000)) {
  return (await call(`/api/emulator/photos/${seed}`)).blob()
}

async function signIn(why) {
  const dialog = find('#sign-in')
  const form = find('form', dialog)
  find('.why', dialog).textContent = why
  form.reset()
  quiet(find('.out', dialog))
  const open = new AbortController()
  dialog.addEventListener('cancel', (event) => event.preventDefault(), { signal: open.signal })
  dialog.showModal()
  return new Promise((resolve) => {
    form.addEventListener(
      'submit',
      async (event) => {
        event.preventDefault()
        try {
          const state = await session(new FormData(form).get('token'))
          open.abort()
          dialog.close()
          resolve(state)
        } catch (error) {
          sayProblem(find('.out', dialog), error)
        }
      },
      { signal: open.signal },
    )
  })
}

/** Nothing on the page is lost meanwhile: what was asked for goes out again afterwards. */
onSignedOut(async () => {
  const { signed_in } = await session()
  if (!signed_in) await signIn('The session is over. Nothing is lost: sign in again, and it goes on.')
  tell('The session was over; there is a new one, and nothing is lost.')
})

function tell(text) {
  const notice = find('#notice')
  notice.textContent = text
  notice.hidden = false
  setTimeout(() => (notice.hidden = true), NOTICE_MS)
}

/** With a reload, nothing that was shown stays on the page. */
function setUpSignOut(button) {
  button.hidden = false
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await signOut()
      location.reload()
    } catch (error) {
      tell(`You are still signed in: ${error.problem?.title ?? 'the connection was lost. Try again.'}`)
      button.disabled = false
    }
  })
}

async function begin() {
  const first = await session()
  const { mode } = first.signed_in
    ? first
    : await signIn('This playground calls the real API, so its owner\u2019s token is needed.')
  const emulated = mode === 'emulator'
  show(
    emulated ? 'emulator: nothing is real' : mode,
    { emulator: 'good', sandbox: 'warn', production: 'bad' }[mode],
  )
  if (!emulated) for (const element of findAll('[data-emulator]')) element.hidden = true
  // The emulator lets everybody in, so there is nothing to leave.
  if (!emulated) setUpSignOut(find('#sign-out'))
  const sample = emulated ? samplePhoto : undefined
  const idTypes = await call('/api/id-types')
  setUpEnrol(find('#enrol'), sample)
  setUpVerify(find('#verify'), idTypes)
  setUpDocument(find('#document'), idTypes, sample)
  setUpCallbacks(find('#callbacks'))
  if (emulated) setUpFaults(find('#faults'))
  await setUpBulk(find('#bulk'), { emulated, sample })
  document.documentElement.dataset.ready = ''
}

// A double click is one click: the second half of it would ask for the same again.
addEventListener(
  'click',
  (event) => {
    if (event.detail < 2 || !event.target.closest('button')) return
    event.preventDefault()
    event.stopPropagation()
  },
  true,
)
begin().catch((error) => show(error.problem?.title ?? 'The server cannot be reached.', 'bad'))
