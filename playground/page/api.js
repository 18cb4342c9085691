/** Calls of this page's own server. */
let csrf
let renewing
let signInAgain = () => Promise.reject(new Error('nobody asks yet'))

class ProblemError extends Error {
  constructor(problem) {
    super(problem.title)
    this.problem = problem
  }
}

/** `ask` opens another session when this one is over; what was called then is called again, once. */
export const onSignedOut = (ask) => void (signInAgain = ask)

export async function call(path, options = {}) {
  let response = await send(path, options)
  // 401: the session is over; 403: another tab has begun a new one, for which this one has no token yet.
  if ((response.status === 401 || response.status === 403) && path !== '/api/session') {
    await (renewing ??= signInAgain().finally(() => (renewing = undefined)))
    response = await send(path, options)
  }
  if (!response.ok)
    throw new ProblemError(
      await response.json().catch(() => ({ title: `The server answered ${response.status}.` })),
    )
  return response.headers.get('content-type')?.includes('json') ? response.json() : response
}

function send(path, { method, body }) {
  const json = body !== undefined && !(body instanceof Blob) && !(body instanceof FormData)
  const headers = {
    ...(csrf && { 'x-csrf-token': csrf }),
    ...(json && { 'content-type': 'application/json' }),
  }
  return fetch(path, { ...(method && { method }), headers, body: json ? JSON.stringify(body) : body })
}

export async function session(token) {
  const state = await call('/api/session', token === undefined ? {} : { method: 'POST', body: { token } })
  csrf = state.csrf
  return state
}

/** Ends the session on the server, in every tab; one that is over already will do. */
export async function signOut() {
  try {
    await call('/api/session', { method: 'DELETE' })
  } catch (error) {
    if (error.problem?.status !== 401) throw error
  }
}

/** Tries again for as long as the connection is lost; a refusal is final. */
export async function persist(work, onLost) {
  for (let pauseMs = 1000; ; pauseMs = Math.min(2 * pauseMs, 8000)) {
    try {
      return await work()
    } catch (error) {
      if (error.problem) throw error
      onLost()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}
