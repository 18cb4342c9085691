/** Hearing of an abort. */

interface Hearers {
  all: Set<() => void>
  /** The one listener that stands on the signal for all of them. */
  listener: () => void
}

/** Of each signal that somebody listens to. */
const listening = /* @__PURE__ */ new WeakMap<AbortSignal, Hearers>()

/**
 * Calls `hear` once the signal aborts, unless the returned function was called before.
 *
 * However many want to hear of one signal, it has one listener: Node warns of more than ten. A signal that
 * has aborted already tells nothing.
 */
export function onAbort(signal: AbortSignal | undefined, hear: () => void): () => void {
  // Options are checked elsewhere: what is no signal is no matter of those who listen to it.
  if (typeof signal?.addEventListener !== 'function') return () => {}
  const hearers = listening.get(signal) ?? listenTo(signal)
  // One function may be there twice.
  const own = () => hear()
  hearers.all.add(own)
  return () => {
    hearers.all.delete(own)
    if (hearers.all.size === 0) stopListening(signal, hearers)
  }
}

function listenTo(signal: AbortSignal): Hearers {
  const all = new Set<() => void>()
  const listener = () => {
    stopListening(signal, hearers)
    for (const own of all) own()
  }
  const hearers: Hearers = { all, listener }
  listening.set(signal, hearers)
  signal.addEventListener('abort', listener)
  return hearers
}

function stopListening(signal: AbortSignal, hearers: Hearers): void {
  // Others may have begun anew.
  if (listening.get(signal) !== hearers) return
  listening.delete(signal)
  signal.removeEventListener('abort', hearers.listener)
}
