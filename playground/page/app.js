/** The page: who is there first, then one part per task. */
import { call, session } from './api.js'
import { setUpBulk } from './bulk.js'
import { setUpCallbacks } from './callbacks.js'
import { find, findAll, sayProblem } from './dom.js'
import { setUpFaults } from './faults.js'
import { setUpDocument, setUpEnrol, setUpVerify } from './tasks.js'

const badge = find('#mode')
const show = (text, kind) => Object.assign(badge, { textContent: text, className: `badge ${kind}` })

async function samplePhoto(seed = Math.ceil(Math.random() * 1000)) {
  return (await call(`/api/emulator/photos/${seed}`)).blob()
}

async function signIn() {
  const dialog = find('#sign-in')
  dialog.showModal()
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  return new Promise((resolve) => {
    find('form', dialog).addEventListener('submit', async (event) => {
      event.preventDefault()
      try {
        const state = await session(new FormData(event.target).get('token'))
        dialog.close()
        resolve(state)
      } catch (error) {
        sayProblem(find('.out', dialog), error)
      }
    })
  })
}

async function begin() {
  const first = await session()
  const { mode } = first.signed_in ? first : await signIn()
  const emulated = mode === 'emulator'
  show(emulated ? 'emulator: nothing is real' : mode, { emulator: 'good', sandbox: 'warn', production: 'bad' }[mode])
  if (!emulated) for (const element of findAll('[data-emulator]')) element.hidden = true
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

addEventListener('signed-out', ({ detail: { code, title } }) => code !== 'wrong_token' && show(`${title} Reload the page.`, 'bad'))
begin().catch((error) => show(error.problem?.title ?? 'The server cannot be reached.', 'bad'))
