/** What untyped code can hand in, from odd to hostile, and ways of putting it into an input that is right. */
import vm from 'node:vm'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <T>(random: () => number, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)]!

const fail = (): never => {
  throw new RangeError('what the caller wrote')
}

const TRAPS = [
  'get',
  'has',
  'ownKeys',
  'getOwnPropertyDescriptor',
  'getPrototypeOf',
  'apply',
  'construct',
] as const

/** A proxy of which every trap throws, or those that are named. */
function failing(target: object, traps: readonly string[] = TRAPS): object {
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, fail])))
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level++) value = wrap(value)
  return value
}

function cyclic(): object {
  const value: Record<string, unknown> = { user_id: 'u', list: [] }
  value.self = value
  ;(value.list as unknown[]).push(value)
  return value
}

/** An object whose members are again such objects, whatever they are called. */
function endless(): object {
  return new Proxy({}, { get: (_, name) => (typeof name === 'symbol' ? undefined : endless()), ...keys })
}
const keys = {
  ownKeys: () => ['a', 'b', 'c'],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
}

function usedBody(): Request {
  const request = new Request('https://app.example/', { method: 'POST', body: '{}' })
  request.text().catch(() => {})
  return request
}

function lockedStream(): ReadableStream {
  const stream = new ReadableStream({ start: (controller) => controller.close() })
  stream.getReader()
  return stream
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

/** Of another realm, as Jest and jsdom make them. */
const foreign = (code: string) => () => vm.runInNewContext(code) as unknown

const DEEP = 20_000

const oddValues: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => NaN,
  () => Infinity,
  () => 5n,
  () => Symbol('odd'),
  () => Symbol.iterator,
  () => '',
  () => ' ',
  () => 'x'.repeat(70_000),
  () => '\ud800',
  () => '\0\r\n',
  () => ({}),
  () => [],
  () => [undefined, null, 5n, Symbol('odd')],
  () => Array.from({ length: 3 }),
  () => Object.assign([], { length: 4_294_967_295 }),
  () => () => 'x',
  () => async () => 5n,
  () => fail,
  () => Date,
  () => new Date(NaN),
  () => new Date(8.64e15),
  () => new Date(-62_167_219_200_001),
  () => new Date('2021-08-12'),
  () => Object.create(null),
  () => Object.create({ user_id: 'inherited' }),
  () => ({ toString: fail, valueOf: fail }),
  () => ({ [Symbol.toPrimitive]: fail }),
  () => ({ toString: null, valueOf: null }),
  () => ({ toJSON: fail }),
  () => ({
    toJSON() {
      return this
    },
  }),
  () => ({ toJSON: () => 5n }),
  () => ({ constructor: null, __proto__: null }),
  () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  () => Object.defineProperty({}, 'constructor', { get: fail, enumerable: true }),
  () => Object.defineProperty({}, Symbol.toStringTag, { get: fail }),
  () => Object.defineProperty([], 0, { get: fail, enumerable: true }),
  () => ({ [Symbol.iterator]: fail }),
  () => ({ [Symbol.asyncIterator]: fail }),
  () => ({ aborted: true }),
  () => ({ addEventListener() {} }),
  () => ({ aborted: 'no', addEventListener() {}, removeEventListener() {} }),
  () => ({ arrayBuffer: fail }),
  () => ({ arrayBuffer: async () => 5n }),
  () => ({ size: 5n, arrayBuffer: async () => failing({}) }),
  () => ({ getReader: fail }),
  () => ({ getReader: () => null }),
  () => ({ bytes: failing(new Uint8Array(3)) }),
  () => ({ ok: false, body: failing({}) }),
  () => ({ headers: failing({}), body: null }),
  () => ({ headers: { get: fail }, body: null, method: 'POST' }),
  cyclic,
  endless,
  () => nested(DEEP, (inner) => ({ inner })),
  () => nested(DEEP, (inner) => [inner]),
  () => nested(40, (inner) => ({ a: inner, b: inner })),
  () => failing({}),
  () => failing([]),
  () => failing(() => {}),
  () => failing({ user_id: 'u' }, ['ownKeys']),
  () => failing({ user_id: 'u' }, ['get']),
  () => failing({ user_id: 'u' }, ['has']),
  () => failing({ user_id: 'u' }, ['getPrototypeOf']),
  () => failing({ user_id: 'u' }, ['getOwnPropertyDescriptor']),
  () => failing([1], ['get']),
  () => failing(new Date(0)),
  () => new Proxy(new Date(0), {}),
  () => new Proxy([], { get: (target, name) => (name === 'length' ? 2 ** 40 : Reflect.get(target, name)) }),
  () => revoked({}),
  () => revoked([]),
  () => revoked(() => {}),
  () => new Map([['user_id', 'u']]),
  () => new Set([1]),
  () => new WeakMap(),
  () => /x/g,
  () => new Error('odd'),
  () => new URL('https://app.example/'),
  () => new Headers(),
  usedBody,
  () => Response.error(),
  () => new Blob(['x']),
  lockedStream,
  () => new SharedArrayBuffer(4),
  () => new DataView(new ArrayBuffer(4)),
  () => new Uint16Array(3),
  () => Buffer.from('x'),
  detached,
  () => Object('boxed'),
  () => Object(5n),
  () => Object(Symbol('odd')),
  () => [1, 2][Symbol.iterator](),
  async function* () {
    yield Symbol('odd')
  },
  () =>
    (async function* () {
      yield failing({})
    })(),
  foreign('({ user_id: "u" })'),
  foreign('[1, 2]'),
  foreign('new Date(0)'),
  foreign('new ArrayBuffer(4)'),
  foreign('new Uint8Array(4)'),
  foreign('(() => { throw new TypeError("theirs") })'),
  foreign('new Proxy({}, { get() { throw new TypeError("theirs") } })'),
]

type Path = (string | number)[]

/** Every place in an input, the whole of it first; into what is no plain data nobody looks. */
function placesIn(value: unknown, path: Path = []): Path[] {
  const isPlain =
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  if (!isPlain || Object.isFrozen(value)) return [path]
  const inner = Object.keys(value as object).flatMap((name) =>
    placesIn((value as Record<string, unknown>)[name], [...path, Array.isArray(value) ? Number(name) : name]),
  )
  return [path, ...inner]
}

/** How the value of a member comes to be odd. */
const WAYS = ['value', 'getter', 'flips', 'wrapped', 'added'] as const

export interface Oddity {
  /** What was done, and where. */
  text: string
  /** Where in its argument the member is that is odd now, if nothing else than this one value is. */
  onlyMember?: string
}

/** Puts something odd into one place of the arguments. */
export function makeOdd(args: unknown[], random: () => number): Oddity {
  const places = placesIn(args).filter((path) => path.length > 0)
  const path = pick(random, places)
  const name = path.at(-1)!
  const holder = path.slice(0, -1).reduce<any>((value, key) => value[key], args)
  const index = Math.floor(random() * oddValues.length)
  const odd = oddValues[index]!()
  const isArgument = path.length === 1
  const way = isArgument ? pick(random, ['value', 'wrapped', 'added'] as const) : pick(random, WAYS)
  const right: unknown = holder[name]
  const isObject = typeof right === 'object' && right !== null
  if (way === 'getter') Object.defineProperty(holder, name, { get: fail, enumerable: true })
  else if (way === 'flips') {
    let reads = 0
    const most = 1 + Math.floor(random() * 3)
    Object.defineProperty(holder, name, { get: () => (reads++ < most ? right : odd), enumerable: true })
  } else if (way === 'wrapped' && isObject && !ArrayBuffer.isView(right)) {
    holder[name] = failing(right, [pick(random, TRAPS)])
  } else if (way === 'added' && isObject && Object.isExtensible(right))
    (right as Record<string, unknown>).odd = odd
  else holder[name] = odd
  const text = `${way} ${index} at ${path.join('.')}`
  const isOneValue = way === 'value' && !isArgument && !isObject
  return isOneValue ? { text, onlyMember: path.slice(1).join('.') } : { text }
}
