/** Whatever old code passes, compat says what smile-identity-core says, or sends where it sends. */
import fc from 'fast-check'
import * as compat from 'smileid-edge/compat'
import { expect, it } from 'vitest'
import { checkProperty } from '../support/property'
import { loadOldSdk, sendBy } from './old-sdk'

const oldSdk = loadOldSdk()
const SENT = 'it was sent'
sendBy(async () => {
  throw new Error(SENT)
})
const extras = {
  fetch: async () => {
    throw new Error(SENT)
  },
  maxRetries: 0,
}

const odd = fc.constantFrom(undefined, null, '', 0, false, Number.NaN, 'x', 5, true, [], {}, 'true', '6', 11)
const some = (names: string[], value: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd })

const params = mostly(
  fc.record({
    user_id: mostly(fc.constantFrom('u', 7)),
    job_id: mostly(fc.constant('j')),
    job_type: mostly(fc.constantFrom(1, 2, 4, 5, 6, 7, 8, 11, '1', '5', '6', '11')),
  }),
)
const image = fc.constantFrom(
  ...[0, 1, 4, 5].map((image_type_id) => ({ image_type_id, image: new URL(import.meta.url).pathname })),
  ...[2, 3, 6, 7].map((image_type_id) => ({ image_type_id, image: 'aGk=' })),
)
const images = mostly(fc.array(image, { maxLength: 4 }))
const info = mostly(
  some(
    ['country', 'id_type', 'id_number', 'entered'],
    fc.constantFrom('NG', '', undefined, true, false, 'true', 'false', 5),
  ),
)
const options = mostly(
  some(
    ['return_job_status', 'return_history', 'return_images', 'use_enrolled_image', 'optional_callback'],
    fc.constantFrom(undefined, true, false, 'x', 1, null, ''),
  ),
)
const callback = mostly(fc.constant('https://app.example/cb'))
const request = mostly(
  some(
    ['user_id', 'job_id', 'product', 'callback_url'],
    fc.constantFrom('v', 'https://app.example', '', undefined),
  ),
)

/** What is said, or that it was sent; a TypeError says that nobody thought of it. */
async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return `resolved to ${JSON.stringify(await run())}`
  } catch (thrown) {
    const { name, message, code } = thrown as Error & { code?: string }
    if (name === 'TypeError') return name
    return code === 'network_error' ? SENT : message
  }
}

it.each(['submit_job', 'submit_job of IDApi', 'submitAsyncjob', 'get_web_token', 'pollJobStatus'] as const)(
  '%s',
  async (method) => {
    const said = new Set<string>()
    const { complete } = await checkProperty(
      fc.asyncProperty(
        params,
        images,
        info,
        options,
        callback,
        request,
        async (params, images, info, options, callback, request) => {
          const call = (module: any, more: object[]) => () => {
            const [web, id] = [
              new module.WebApi('085', callback, 'k', 0, ...more),
              new module.IDApi('085', 'k', 0, ...more),
            ]
            switch (method) {
              case 'submit_job':
                return web.submit_job(params, images, info, options)
              case 'submit_job of IDApi':
                return id.submit_job(params, info)
              case 'submitAsyncjob':
                return id.submitAsyncjob(params, info, callback)
              case 'get_web_token':
                return web.get_web_token(request)
              case 'pollJobStatus':
                return id.pollJobStatus(params, 0, 0)
            }
          }
          const [before, now] = [await outcome(call(oldSdk, [])), await outcome(call(compat, [extras]))]
          said.add(now)
          if (now === 'job_type needs to be a number') expect([SENT, 'TypeError']).toContain(before)
          else if (before === 'TypeError') expect(now).not.toBe('TypeError')
          else expect(now).toBe(before)
        },
      ),
      { numRuns: 1500 },
    )
    // It has been everywhere, where there was time for all.
    if (complete) expect([said.has(SENT), said.size > 4]).toEqual([true, true])
  },
)
