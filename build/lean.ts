/**
 * ofetch and valibot without what the SDK cannot use of them, which is nine tenths of the one and two thirds
 * of the other: they are part of every call and every client.
 */
import { readFile } from 'node:fs/promises'
import type { Options } from 'tsup'

type Parts = readonly [part: RegExp, instead: string][]

/**
 * http/send.ts retries, times out and reads by itself, sends bytes, has no hooks, and of an error takes the
 * cause alone.
 */
const UNUSED_OF_OFETCH: Parts = [
  [/\bcontext\.options\.(baseURL|on(Request|Response)(Error)?)\b/, 'false'],
  [/^ {4}if \(!context\.options\.ignoreResponseError\b[^]*?^ {4}}\n/, ''],
  [/\bisJSONSerializable\(context\.options\.body\)/, 'false'],
  [/^ {2}async function onError\(context\) {\n[^]*?^ {2}}\n/, ''],
  [/\breturn await onError\(context\)/, 'throw new Error("", { cause: error })'],
  // Defaults and query strings.
  [/\bresolveFetchOptions\(\n[^]*?\n {6}\)/, '{ ..._options, headers: new Headers(_options.headers) }'],
  [/^ {4}if \(typeof context\.request === "string"\) {\n[^]*?^ {4}}\n/, ''],
  // Its timer.
  [/^ {4}let abortTimeout;\n[^]*?^ {4}}\n/, ''],
  [/ finally {\n +if \(abortTimeout\)[^]*?^ {4}}\n/, '\n'],
  // The body by its content type.
  [/^ {4}const hasBody = [^]*?^ {4}}\n/, ''],
  // What is left of all that, and what that needed.
  [/^( +)if \(false\) {\n[^]*?^\1} else /, '$1'],
  [/^( +)if \(false\) {\n[^]*?^\1}\n/, ''],
  [/ && isPayloadMethod\(context\.options\.method\)/, ''],
  [/^const payloadMethods = [^]*?^\);\n/, ''],
  [/^import .+ from '(ufo|destr)';\n/, ''],
  [/^ {4}AbortController = globalThis\.AbortController\n/, ''],
  [/^ +context\.error = error;\n/, ''],
  [/^ {2}const \$fetch = async [^]*?^ {2}return \$fetch;\n/, '  return { raw: $fetchRaw };\n'],
]

/**
 * input/schema.ts knows custom() and one object() of them alone: no optional member, no object within
 * another. It gives every message itself, has no fallbacks, defaults or languages, and wants all issues.
 */
const UNUSED_OF_VALIBOT: Parts = [
  [/\breturn _standardSchema\(/, 'return ('],
  [/(?<!function )\bgetGlobalConfig\([^)]*\)/, '{}'],
  [/ \|\| \(valueSchema\.type === "exact_optional" .+\) && valueSchema\.default !== void 0/, ''],
  [/key in input \? input\[key\] : .*getDefault\(valueSchema\)/, 'input[key]'],
  [/(?<= else )if \(valueSchema\.fallback !== void 0\)[^;]+;\n\s+else /, ''],
  [
    /(?<= else )if \(valueSchema\.type !== "exact_optional" && valueSchema\.type !== "optional" && valueSchema\.type !== "nullish"\) /,
    '',
  ],
  [/(?<=const message\$1 = )other\?\.message \?\? context\.message \?\?[^;]+/, 'context.message'],
  [/\btypeof message\$1 === "function" \? message\$1\(issue\) : message\$1/, 'message$1'],
  [/(?<=\bmessage: )`Invalid \$\{label\}.+`/, '""'],
  // What schemas and issues say of themselves, but for what is read.
  [/^\tconst (expected|received) = other\?\..+\n/, ''],
  [
    /^\t+(async: false|expected|expects: ["`].+|kind: .+|lang: .+|received|reference: \w+|requirement: context\..+|abort(Pipe)?Early: config\$1\..+|issues: other\?\..+|origin: "\w+"|type: .+|value: .+\]?),?\n/,
    '',
  ],
  [/^\tconst isSchema = .+\n/, ''],
  [/\bif \(isSchema\) /, ''],
  [/\bif \(issue\.path\) issue\.path\.unshift\(pathItem\);\n\s+else /, ''],
  [/\bconfig\$1\.abortEarly\b/, 'false'],
]

function without(library: string, text: string, parts: Parts): string {
  for (const [part, instead] of parts) {
    const all = new RegExp(part, 'gm')
    if (!all.test(text)) throw new Error(`${library} has changed: nothing in it is ${part}`)
    text = text.replace(all, instead)
  }
  return text
}

/**
 * ofetch is resolved without the condition "node", too, under which it brings a whole fetch polyfill along,
 * and without the instance that it makes at import.
 */
export const lean: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'lean',
  setup(build) {
    build.onLoad({ filter: /ofetch[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => {
      const [, file] = /import \{ c as createFetch \} from '(.+)'/.exec(await readFile(path, 'utf8'))!
      return { contents: `export { c as createFetch } from '${file}'` }
    })
    build.onLoad({ filter: /ofetch[\\/]dist[\\/]shared[\\/]/ }, async ({ path }) => ({
      contents: without('ofetch', await readFile(path, 'utf8'), UNUSED_OF_OFETCH),
    }))
    build.onLoad({ filter: /valibot[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => ({
      contents: without('valibot', await readFile(path, 'utf8'), UNUSED_OF_VALIBOT),
    }))
  },
}
