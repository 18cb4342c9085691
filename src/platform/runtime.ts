/** Which runtime this is, and what it has beyond the web standards. */

type FixedLengthStream = new (length: number) => TransformStream<Uint8Array, Uint8Array>

/** In workerd, a request has a `content-length` if its stream comes through one of these. */
export function fixedLengthStream(): FixedLengthStream | undefined {
  return (globalThis as { FixedLengthStream?: FixedLengthStream }).FixedLengthStream
}

export function isWorkerd(): boolean {
  return fixedLengthStream() !== undefined
}

/**
 * Whether work that one request began may be awaited by another. On Workers it may not: the other would wait
 * for ever. Nor where `EdgeRuntime` is named, since Vercel's is built on Workers: there each asks for itself,
 * which costs a request that bills nothing, even in the imitation on Node that could share.
 */
export function requestsShareWork(): boolean {
  return !isWorkerd() && !(globalThis as { EdgeRuntime?: unknown }).EdgeRuntime
}

/** Node and Bun, whose fetch sends a stream with the `content-length` header that it is given. */
export function isNodeLike(): boolean {
  const { process, Deno, EdgeRuntime, document } = globalThis as {
    process?: { versions?: { node?: string } }
    Deno?: unknown
    EdgeRuntime?: unknown
    document?: unknown
  }
  const claimsNode = Boolean(process?.versions?.node)
  const isAnother = Boolean(Deno || EdgeRuntime || document)
  return claimsNode && !isAnother
}

/** Node itself, whose `node:http` is no layer over something else, as that of Bun, Deno and workerd is. */
export function isNode(): boolean {
  const isBun = (globalThis as { Bun?: unknown }).Bun !== undefined
  return isNodeLike() && !isBun && !isWorkerd()
}

/** Bytes up to which a body costs less as a whole than piece by piece. */
export function wholeBytes(): number {
  if ('Bun' in globalThis) return 1_048_576
  return isNodeLike() ? 65_536 : 131_072
}

export function isDeno(): boolean {
  return 'Deno' in globalThis
}

/**
 * In which form a body goes out once only. `'any'`: this fetch sends no request again by itself when its
 * connection breaks; browsers do, whatever the form.
 */
export function formSentOnce(method: string): 'any' | 'blob' | 'stream' {
  const { Bun } = globalThis as { Bun?: unknown }
  // It sends again what it can clone.
  if (isDeno()) return 'blob'
  // Bun takes a PUT for safe to repeat.
  return Bun && method === 'PUT' ? 'stream' : 'any'
}

/**
 * A built-in module of Node, or `undefined` in other runtimes. It may be faster than what the web has, and
 * bundlers find no import of it.
 */
export function builtin<Module>(name: string): Module | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: string): Module | undefined }
  }
  return process?.getBuiltinModule?.(name)
}

/** A window of a browser, where everybody can read what the page knows. */
export function isBrowserWindow(): boolean {
  return typeof (globalThis as { document?: unknown }).document === 'object'
}
