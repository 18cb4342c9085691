/** Calls of this page's own server. */
let csrf

class ProblemError extends Error {
  constructor(problem) {
    super(problem.title)
    this.problem = problem
  }
}

export async function call(path, { method, body } = {}) {
  const json = body !== undefined && !(body instanceof Blob) && !(body instanceof FormData)
  const headers = { ...(csrf && { 'x-csrf-token': csrf }), ...(json && { 'content-type': 'application/json' }) }
  const response = await fetch(path, { ...(method && { method }), headers, body: json ? JSON.stringify(body) : body })
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ title: `The server answered ${response.status}.` }))
    if (response.status === 401) dispatchEvent(new CustomEvent('signed-out', { detail: problem }))
    throw new ProblemError(problem)
  }
  return response.headers.get('content-type')?.includes('json') ? response.json() : response
}

export async function session(token) {
  const state = await call('/api/session', token === undefined ? {} : { method: 'POST', body: { token } })
  csrf = state.csrf
  return state
}
