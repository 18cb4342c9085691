/** Base64, and the JSON body of an upload, beside what the platform has. */
import { withInternals } from './internals.mjs'
import { insideOf, line, print, RUNTIMES } from './lib.mjs'

export async function encoding() {
  await withInternals(['platform/base64', 'http/body'], async (internals) => {
    const [base64, body] = [[], []]
    for (const runtime of Object.keys(RUNTIMES)) {
      const { encode, decode, build } = await insideOf(runtime, 'encode-and-decode.mjs', internals)
      const add = (lines, what, ours, theirs) => lines.push(line(`${runtime}: ${what}`, 'ms', ours, theirs))
      add(base64, 'to base64, beside Buffer', encode.ours, encode.buffer)
      add(base64, 'to base64, beside btoa', encode.ours, encode.btoa)
      add(
        base64,
        'to base64 by table, as where nothing native is there, beside btoa',
        encode.table,
        encode.btoa,
      )
      add(base64, 'from base64, refusing what is not canonical, beside Buffer', decode.ours, decode.buffer)
      add(base64, 'from base64, refusing what is not canonical, beside atob', decode.ours, decode.atob)
      add(body, 'beside JSON.stringify and Buffer', build.ours, build.stringified)
      add(body, 'beside JSON.stringify and btoa', build.ours, build.stringifiedBtoa)
      add(body, 'beside texts joined by hand around that of Buffer', build.ours, build.joined)
    }
    print('base64 of 1 MB', ['ours', 'alternative'], base64)
    print(
      'JSON body with a photo of 5 MB, made and read to its end; ours comes in pieces, ' +
        'in Node and Bun with pauses for others',
      ['ours', 'alternative'],
      body,
    )
  })
}
