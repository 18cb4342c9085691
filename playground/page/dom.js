/** Elements out of data: text stays text, whatever is in it. */
export const find = (selector, root = document) => root.querySelector(selector)
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)]

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value)
  element.append(...children.flat().filter((child) => child !== undefined && child !== ''))
  return element
}

export function say(out, kind, ...content) {
  out.className = `out ${kind}`
  out.replaceChildren(...content.flat().map((part) => (typeof part === 'string' ? el('p', {}, part) : part)))
}

export const quiet = (out) => out.replaceChildren()

export const time = (at) => new Date(at).toLocaleTimeString('en-GB')

/** With the day, unless that is today. */
export const when = (at) =>
  new Date(at).toDateString() === new Date().toDateString()
    ? time(at)
    : new Date(at).toLocaleString('en-GB', {
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
      })

/** One submission at a time: a second click while the first is under way does nothing. */
export function onSubmit(section, work) {
  const [form, out] = [find('form', section), find('.out', section)]
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = find('button:not([type=button])', form)
    if (button.disabled) return
    button.disabled = true
    quiet(out)
    try {
      await work(form, out)
    } catch (error) {
      sayProblem(out, error)
    } finally {
      button.disabled = false
    }
  })
}

export function sayProblem(out, error) {
  const {
    title = 'The connection was lost. Nothing is lost: try again.',
    hint,
    issues,
    outcome,
  } = error.problem ?? {}
  say(
    out,
    'bad',
    title,
    hint ?? [],
    outcome === 'unknown'
      ? 'Whether it happened is not known: the same again will tell, and cannot enrol anybody twice.'
      : [],
    issues?.length
      ? el(
          'ul',
          {},
          issues.slice(0, 20).map(({ path, message }) => el('li', {}, `${path} ${message}`)),
        )
      : [],
  )
}
