/** The sandbox as Smile ID's documentation names it, and many have copied it: that name is nowhere. */
import { ORIGINS } from '../wire/endpoints.ts'

const DEAD_HOST = 'api.sandbox.smileidentity.com'

/** Also with the dot that says where a name ends. */
export function isDeadHost(host: string | undefined): boolean {
  return host?.replace(/:\d+$/, '').replace(/\.$/, '') === DEAD_HOST
}

export const DEAD_HOST_CURE =
  `${DEAD_HOST} stands in Smile ID's documentation, and does not resolve: leave SMILE_ID_BASE_URL out. ` +
  `The sandbox is ${new URL(ORIGINS.sandbox).host}.`
