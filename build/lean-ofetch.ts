/** ofetch without what the SDK cannot use of it, which is three quarters: it is part of every call, and so of every entry that makes one. */
import { readFile } from 'node:fs/promises'
import type { Options } from 'tsup'

/** internal/http.ts retries, times out and reads by itself, sends bytes, has no hooks, and of an error takes the cause alone. */
const UNUSED: readonly [part: RegExp, instead: string][] = [
  [/\bcontext\.options\.(retry|baseURL|on(Request|Response)(Error)?)\b/, 'false'],
  [/\bcontext\.options\.ignoreResponseError\b/, 'true'],
  [/\bisJSONSerializable\(context\.options\.body\)/, 'false'],
  [/\bcreateFetchError\(context\)/, 'new FetchError("", { cause: context.error })'],
  // Defaults and query strings.
  [/\bresolveFetchOptions\(\n[^]*?\n {6}\)/, '{ ..._options, headers: new Headers(_options.headers) }'],
  [/^ {4}if \(typeof context\.request === "string"\) {\n[^]*?^ {4}}\n/, ''],
  // Its timer.
  [/^ {4}let abortTimeout;\n[^]*?^ {4}}\n/, ''],
  [/ finally {\n +if \(abortTimeout\)[^]*?^ {4}}\n/, '\n'],
  // The body by its content type.
  [/^ {4}const hasBody = [^]*?^ {4}}\n/, ''],
  // Which were all that needed these.
  [/^import .+ from '(ufo|destr)';\n/, ''],
  [/^ {2}\$fetch\.native = [^]*?^ {2}}\);\n/, ''],
]

/** Resolved without the condition "node", too, under which it brings a whole fetch polyfill along, and without the instance that it makes at import. */
export const leanOfetch: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'lean-ofetch',
  setup(build) {
    build.onLoad({ filter: /ofetch[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => {
      const [, file] = /import \{ c as createFetch \} from '(.+)'/.exec(await readFile(path, 'utf8'))!
      return { contents: `export { c as createFetch } from '${file}'` }
    })
    build.onLoad({ filter: /ofetch[\\/]dist[\\/]shared[\\/]/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8')
      for (const [part, instead] of UNUSED) {
        const all = new RegExp(part, 'gm')
        if (!all.test(contents)) throw new Error(`ofetch has changed: nothing in it is ${part}`)
        contents = contents.replace(all, instead)
      }
      return { contents }
    })
  },
}
