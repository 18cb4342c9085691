/** Images of v3 submissions: from any source, checked by their bytes, and the size of the whole request. */
import { samplePhoto } from 'smileid-edge/emulator'
import { describe, expect, it } from 'vitest'
import { elsewhere, objectOf, optional } from '../../../src/input/schema'
import { type ImageRule, JPEG, JPEG_OR_PNG } from '../../../src/v3/http/images'
import { submitWithImages } from '../../../src/v3/http/submit'
import { checkVerification } from '../../../src/v3/input/check'
import { verificationEntries } from '../../../src/v3/input/shared'
import { DOCUMENT_VERIFICATION } from '../../../src/v3/wire/operations'
import { KYC, startV3Service } from '../../support/v3-service'

const rules: Record<string, ImageRule> = {
  selfie_image: { types: JPEG },
  liveness_images: { types: JPEG },
  document: { types: JPEG_OR_PNG },
  document_back: { types: JPEG_OR_PNG, isOptional: true },
}
const schema = objectOf({
  ...verificationEntries(),
  selfie_image: elsewhere(),
  liveness_images: elsewhere(),
  document: elsewhere(),
  document_back: optional(elsewhere()),
} as never)

const submit = (client: unknown, input: object, options?: object) =>
  submitWithImages(
    client,
    {
      endpoint: DOCUMENT_VERIFICATION,
      check: (caller) => checkVerification(caller, schema, input),
      images: rules,
      headers: () => ({ 'user-id': 'u' }),
    },
    options,
  )

const { consent, user_details } = KYC
const frames = (count: number) => Array.from({ length: count }, (_, seed) => samplePhoto({ seed }))
const png = samplePhoto({ type: 'image/png' })
const good = {
  consent,
  user_details,
  selfie_image: samplePhoto(),
  liveness_images: frames(6),
  document: png,
}
const issues = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    ({ issues: found }) => found.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
  )

/** A JPEG with comments in it, up to the size. */
function jpegOf(size: number): Uint8Array {
  const photo = samplePhoto()
  const padding = new Uint8Array(size - photo.length)
  for (let at = 0; at < padding.length;) {
    // A marker has four bytes, and none may be left that is too short for one.
    const rest = padding.length - at
    const length = rest > 65_537 + 4 ? 65_537 : Math.min(rest, 65_537 - 4)
    padding.set([0xff, 0xfe, (length - 2) >> 8, (length - 2) & 255], at)
    at += length
  }
  return Uint8Array.from([...photo.subarray(0, 2), ...padding, ...photo.subarray(2)])
}

describe('images', () => {
  it('go out as files under their names, frames one after the other', async () => {
    const { client, callsOf } = startV3Service()
    const blob = new Blob([png as never], { type: 'text/html' })
    await submit(client, { ...good, document: blob, document_back: async () => samplePhoto() })
    const [{ form, headers }] = callsOf() as [ReturnType<typeof callsOf>[number]]
    const sizes = [good.selfie_image, ...good.liveness_images, png, samplePhoto()].map(({ length }) => length)
    const names = ['selfie_image', ...Array<string>(6).fill('liveness_images'), 'document', 'document_back']
    expect(form.slice(2)).toEqual(
      names.map((name, index) => [
        name,
        name === 'document'
          ? `image_${index + 1}.png image/png ${sizes[index]}`
          : `image_${index + 1}.jpg image/jpeg ${sizes[index]}`,
      ]),
    )
    expect(headers.get('user-id')).toBe('u')
  })

  it.each([
    [{ liveness_images: frames(5) }, ['liveness_images wrong_type']],
    [{ liveness_images: frames(9) }, ['liveness_images wrong_type']],
    [{ liveness_images: 'frames' }, ['liveness_images wrong_type']],
    [{ liveness_images: undefined }, ['liveness_images missing']],
    [{ selfie_image: png }, ['selfie_image photo_format']],
    [{ liveness_images: [...frames(6), png] }, ['liveness_images[6] photo_format']],
    [{ document: new Uint8Array(20) }, ['document photo_format']],
    [{ document: samplePhoto().subarray(0, -10) }, ['document photo_truncated']],
    [{ document_back: null }, ['document_back wrong_type']],
    [{ document: jpegOf(4_718_593) }, ['document photo_too_large']],
    [{ selfie_image: 'https://shop.example/a.jpg' }, ['selfie_image photo_format']],
    [
      { selfie_image: undefined, document: undefined, liveness_images: frames(1), user_details: undefined },
      ['user_details missing', 'selfie_image missing', 'liveness_images wrong_type', 'document missing'],
    ],
  ])('that are wrong are listed, and nothing is sent: %#', async (change, expected) => {
    const { client, got } = startV3Service()
    expect(await issues(submit(client, { ...good, ...change }))).toEqual(expected)
    expect(got).toEqual([])
  })

  it('make a request of 4,718,592 bytes at most', async () => {
    const { client, callsOf, got } = startV3Service()
    const error = await submit(client, { ...good, document: jpegOf(4_718_000) }).catch(
      (reason: unknown) => reason,
    )
    const [, total] = /request of (\d+) bytes/.exec(String(error)) ?? []
    expect(await issues(Promise.reject(error))).toEqual(['input photo_too_large'])
    expect(got).toEqual([])
    // By so many bytes it was too much.
    const most = 4_718_000 - (Number(total) - 4_718_592)
    await submit(client, { ...good, document: jpegOf(most) })
    expect(callsOf()).toHaveLength(1)
    expect(await issues(submit(client, { ...good, document: jpegOf(most + 1) }))).toEqual([
      'input photo_too_large',
    ])
  })

  it('that are not read in time leave nothing sent', async () => {
    const { client, got } = startV3Service()
    const never = () => new Promise<never>(() => {})
    await expect(submit(client, { ...good, document: never }, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'request_timeout',
      outcome: 'not_sent',
    })
    const aborted = submit(client, { ...good, document: never }, { signal: AbortSignal.abort('enough') })
    await expect(aborted).rejects.toBe('enough')
    expect(got).toEqual([])
  })
})
