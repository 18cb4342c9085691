/** The tasks of one person: enrol, verify an ID number, verify a document. */
import { call } from './api.js'
import { el, find, onSubmit, say, sayProblem, time } from './dom.js'
import { actionsTable, decisionBadge, kindOf, verdict } from './meaning.js'
import { photoPicker } from './photo.js'

const pickers = (section, sample) =>
  Object.fromEntries(
    [...section.querySelectorAll('.photo')].map((place) => [place.dataset.photo, photoPicker(place, sample)]),
  )

/** The photos of a form by name, or undefined once it was said which are missing. */
function photosOf(photos) {
  const missing = Object.values(photos).filter((photo) => !photo.take())
  for (const photo of missing) photo.wants()
  return missing.length ? undefined : Object.entries(photos).map(([name, photo]) => [name, photo.take()])
}

export function setUpEnrol(section, sample) {
  const photos = pickers(section, sample)
  find('[name=user_created_at]', section).value = '2021-08-12'
  onSubmit(section, async (form, out) => {
    const chosen = photosOf(photos)
    if (!chosen) return
    const body = new FormData(form)
    for (const [name, photo] of chosen) body.set(name, photo, 'photo')
    const { reply, ...reading } = await call('/api/enrol', { method: 'POST', body })
    say(out, kindOf(reading.decision), verdict(reading), actionsTable(reply.Actions ?? {}))
  })
}

const TYPES = { dob: 'date' }
const LABELS = {
  id_number: 'ID number',
  dob: 'Date of birth',
  first_name: 'First name',
  last_name: 'Last name',
  bank_code: 'Bank',
  company: 'Company',
  citizenship: 'Citizenship',
  session_id: 'Session of the consent',
}

export function setUpVerify(section, { countries, banks }) {
  const [country, idType, fields] = ['[name=country]', '[name=id_type]', '.fields'].map((selector) =>
    find(selector, section),
  )
  const types = () => countries.find((entry) => entry.country === country.value).id_types
  country.append(...countries.map((entry) => el('option', {}, entry.country)))
  const showTypes = () => {
    idType.replaceChildren(...types().map(({ id_type, label }) => el('option', { value: id_type }, label)))
    showFields()
  }
  const showFields = () => {
    const { fields: names, test_data } = types().find(({ id_type }) => id_type === idType.value)
    fields.replaceChildren(
      ...names.map((name) =>
        el(
          'label',
          {},
          LABELS[name] ?? name,
          name === 'bank_code'
            ? el(
                'select',
                { name },
                banks.map(({ name, code }) => el('option', { value: code }, name)),
              )
            : el('input', {
                name,
                required: true,
                autocomplete: 'off',
                type: TYPES[name] ?? 'text',
                value: name === 'id_number' ? test_data : undefined,
              }),
        ),
      ),
    )
  }
  country.addEventListener('change', showTypes)
  idType.addEventListener('change', showFields)
  showTypes()
  onSubmit(section, async (form, out) => {
    const { person, actions, ...reading } = await call('/api/verify-id', {
      method: 'POST',
      body: Object.fromEntries(new FormData(form)),
    })
    const known = Object.entries(person)
      .filter(([, value]) => value)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')
    say(out, kindOf(reading.decision), verdict(reading), known || [], actionsTable(actions))
  })
}

export function setUpDocument(section, { countries }, sample) {
  const photos = pickers(section, sample)
  const stages = find('.stages', section)
  find('[name=country]', section).append(...countries.map((entry) => el('option', {}, entry.country)))
  onSubmit(section, async (form, out) => {
    const chosen = photosOf(photos)
    if (!chosen) return
    stages.replaceChildren()
    const body = new FormData(form)
    for (const [name, photo] of chosen) body.set(name, photo, 'photo')
    const { events, smile_job_id } = await call('/api/image-jobs', { method: 'POST', body })
    stages.append(el('li', {}, `Submitted as job ${smile_job_id}`))
    await follow(
      events,
      (status) => {
        stages.append(
          el(
            'li',
            {},
            el('time', {}, time(Date.now())),
            ' ',
            decisionBadge(status.decision),
            ` ${[status.code, status.text].filter(Boolean).join(' ')}`,
          ),
        )
        if (status.complete) say(out, kindOf(status.decision), verdict(status), actionsTable(status.actions))
      },
      out,
    )
  })
}

/** Until the job ends; a connection that was lost is taken up by the browser itself. */
const follow = (address, onStatus, out) =>
  new Promise((resolve) => {
    const source = new EventSource(address)
    const stop = () => {
      source.close()
      resolve()
    }
    source.addEventListener('status', ({ data }) => onStatus(JSON.parse(data)))
    source.addEventListener('end', stop)
    source.addEventListener('problem', ({ data }) => {
      sayProblem(out, { problem: JSON.parse(data) })
      stop()
    })
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return
      sayProblem(out, {})
      stop()
    })
  })
