/** One signature and one check of one, on each runtime. */
import { insideOf, line, print, RUNTIMES } from './lib.mjs'

export async function signature() {
  const limit = []
  const others = []
  for (const runtime of Object.keys(RUNTIMES)) {
    const { sign, verify } = await insideOf(runtime, 'sign-and-confirm.mjs')
    for (const [what, taken] of [
      ['generateSignature', sign],
      ['confirmSignature', verify],
    ]) {
      limit.push(
        line(`${runtime}: ${what}(credentials)`, 'µs', taken.credentials, taken.bare, { maxRatio: 1.2 }),
      )
      limit.push(line(`${runtime}: ${what}(client)`, 'µs', taken.client, taken.bare, { maxRatio: 1.2 }))
      others.push(line(`${runtime}: ${what}, beside smile-identity-core`, 'µs', taken.client, taken.core))
      others.push(line(`${runtime}: ${what}, beside jose`, 'µs', taken.client, taken.jose))
    }
  }
  print('Signature: one call, beside crypto.subtle with a cached key', ['ours', 'bare subtle'], limit)
  print(
    "Signature: one call with a client, beside smile-identity-core, which calls Node's own HMAC, " +
      'and jose (CompactSign and compactVerify, HS256, cached key)',
    ['ours', 'alternative'],
    others,
  )
}
