/** Which host a call failed at: errors do not say, since a library's caller knows. */
import type { Hooks } from '../client.ts'
import type { Io } from './io.ts'

const failedHosts = new WeakMap<object, string>()

/** The host of the latest call that failed, if a client of this command made it. */
export function failedHostOf(io: Io): string | undefined {
  return failedHosts.get(io)
}

/** The same hooks, which remember the host of each call that fails. */
export function rememberingHost(io: object, hooks: Hooks = {}): Hooks {
  return {
    ...hooks,
    onError(event) {
      failedHosts.set(io, event.host)
      hooks.onError?.(event)
    },
  }
}
