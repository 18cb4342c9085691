/** What the emulator can be told to do wrong. */
import { call } from './api.js'
import { el, find, onSubmit, say, sayProblem } from './dom.js'

const FAULTS = {
  slow: 'answer two seconds late',
  rate_limited: 'say 429, wait two seconds',
  unavailable: 'say 503, try later',
  server_error: 'fail with 500',
  wrong_key: 'say that the key is wrong',
  no_funds: 'say that the wallet is empty',
  reset_before: 'hang up before enrolling',
  reset_after: 'enrol, then hang up',
  truncated: 'break off in its reply',
  bad_signature: 'sign with another key',
  upload_refused: 'refuse uploads',
  callback_late: 'deliver a callback five seconds late',
  callback_twice: 'deliver a callback twice',
}

export function setUpFaults(section) {
  const out = find('.out', section)
  find('select', section).append(
    ...Object.entries(FAULTS).map(([value, text]) => el('option', { value }, text)),
  )
  onSubmit(section, async (form) => {
    const { fault, times } = Object.fromEntries(new FormData(form))
    await call('/api/emulator/faults', { method: 'POST', body: { fault, times: Number(times) } })
    say(out, 'warn', `The emulator will ${FAULTS[fault]}, ${times === '1' ? 'once' : `${times} times`}.`)
  })
  find('.none', section).addEventListener('click', () =>
    call('/api/emulator/faults/none', { method: 'POST' }).then(
      () => say(out, 'good', 'The emulator behaves.'),
      (error) => sayProblem(out, error),
    ),
  )
}
