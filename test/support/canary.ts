/**
 * Values that tests use where users have secrets and persons, and every form in which they could come out
 * again. Web APIs alone.
 */

/** The forms of the key and of the name differ in URLs, in JSON, in HTML and in base64. */
export const CANARY = {
  apiKey: 'canary/Key+7Qx2vB9d==',
  name: 'Canary "Zoë" O’Brien',
  idNumber: '41798260593',
} as const

/**
 * What no test has to ask for: the key that an emulator has by itself, and what is common to all of its
 * sample photos (their Huffman tables, which nobody else has).
 */
export const KEY_OF_EMULATOR = 'emulator-key-of-085'
export const PHOTO = /* @__PURE__ */ Uint8Array.of(
  0xff,
  0xc4,
  0,
  0x1f,
  0,
  0,
  0,
  0,
  12,
  ...Array<number>(12).fill(0),
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  0xff,
  0xc4,
  0,
  0x14,
  0x10,
  1,
)

export interface Trace {
  marker: string
  form: string
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes)
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Digits of base64 that depend on these bytes alone, with 0, 1 or 2 others before them. */
const base64 = (bytes: Uint8Array): string[] =>
  [0, 1, 2].map((before) =>
    btoa(latin1(Uint8Array.from([...Array<number>(before).fill(0), ...bytes]))).slice(
      Math.ceil((before * 8) / 6),
      Math.floor(((before + bytes.length) * 8) / 6),
    ),
  )

const formsOfBytes = (bytes: Uint8Array): [form: string, text: string][] => [
  ['hex', hex(bytes)],
  ['HEX', hex(bytes).toUpperCase()],
  ['in inspect', hex(bytes).replace(/..(?!$)/g, '$& ')],
  ['list', bytes.join()],
  ['list of JSON lines', bytes.join(', ')],
  ...base64(bytes).flatMap((text, before): [string, string][] => [
    [`base64 after ${before}`, text],
    [`base64url after ${before}`, text.replaceAll('+', '-').replaceAll('/', '_')],
  ]),
]

const formsOfText = (text: string): [form: string, text: string][] => [
  ['plain', text],
  ['JSON', JSON.stringify(text).slice(1, -1)],
  ['JSON in JSON', JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)],
  [
    'JSON in ASCII',
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['URL', encodeURIComponent(text)],
  ['url', encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  ['form', new URLSearchParams({ a: text }).toString().slice(2)],
  ['HTML', text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)],
  ['UTF-8 as latin1', latin1(utf8(text))],
  ['CSV', text.replaceAll('"', '""')],
  ...formsOfBytes(utf8(text)),
]

const all = /* @__PURE__ */ (() => [
  ...Object.entries({ ...CANARY, keyOfEmulator: KEY_OF_EMULATOR }).flatMap(([marker, text]) =>
    formsOfText(text).map(([form, trace]) => ({ marker, form, trace })),
  ),
  ...[['latin1', latin1(PHOTO)] as const, ...formsOfBytes(PHOTO)].map(([form, trace]) => ({
    marker: 'photo',
    form,
    trace,
  })),
])()

/** The forms looked for, each once. */
export const FORMS: readonly (Trace & { trace: string })[] = /* @__PURE__ */ (() =>
  all.filter(({ trace }, index) => all.findIndex((other) => other.trace === trace) === index))()

/** Which markers stand in a text, and how they are written there; never the text itself. */
export const tracesIn = (text: string): Trace[] =>
  FORMS.filter(({ trace }) => text.includes(trace)).map(({ marker, form }) => ({ marker, form }))

/** All that a value shows when somebody prints it, one way or the other. */
export function printed(value: unknown, inspect?: (value: unknown, options: object) => string): string {
  const attempt = (print: () => unknown) => {
    try {
      return String(print())
    } catch {
      return ''
    }
  }
  const deep = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }
  const parts = [
    attempt(() => value),
    attempt(() => JSON.stringify(value)),
    attempt(() => inspect?.(value, deep)),
    attempt(() => inspect?.(structuredClone(value), deep)),
  ]
  for (
    let link = value as Error | undefined, depth = 0;
    link && typeof link === 'object' && depth < 8;
    link = link.cause as Error | undefined, depth++
  ) {
    const there = link
    parts.push(
      attempt(() => there.stack),
      attempt(() => there.message),
    )
    for (const name of Reflect.ownKeys(there)) {
      const member = attempt(() =>
        inspect
          ? inspect((there as unknown as Record<PropertyKey, unknown>)[name], deep)
          : JSON.stringify((there as unknown as Record<PropertyKey, unknown>)[name]),
      )
      parts.push(
        attempt(() => name),
        member,
      )
    }
  }
  return parts.join('\n')
}
