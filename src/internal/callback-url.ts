/** Where results are to be delivered. */
import type { Core } from './core.ts'
import type { InputIssue } from './errors.ts'
import { isCallbackUrl, isLoopback } from './url.ts'

/** Issues of an input's `callback_url`; with `needed`, it must be there, or the client's. */
export function callbackIssues(core: Core, callbackUrl: unknown, needed: boolean): InputIssue[] {
  if (callbackUrl === undefined) {
    return !needed || core.callbackUrl ? [] : [{ path: 'callback_url', code: 'missing', message: 'is missing, and the client has no callbackUrl: the result would be lost' }]
  }
  return typeof callbackUrl === 'string' && isCallbackUrl(callbackUrl, isLoopback(new URL(core.client.baseUrl))) ? [] : [{ path: 'callback_url', code: 'wrong_format', message: 'must be an https URL' }]
}
