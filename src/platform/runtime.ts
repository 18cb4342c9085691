/** What kind of runtime this is, where its fetch differs from the standard's. */

type FixedLengthStream = new (length: number) => TransformStream<Uint8Array, Uint8Array>

/** workerd sends a stream under its length when it comes through one of these. */
export function fixedLengthStream(): FixedLengthStream | undefined {
  return (globalThis as { FixedLengthStream?: FixedLengthStream }).FixedLengthStream
}

export function isWorkerd(): boolean {
  return !!fixedLengthStream()
}

/** Node and Bun: fetch sends a stream under the `content-length` it is given. */
export function isNodeLike(): boolean {
  const { process, Deno, EdgeRuntime, document } = globalThis as {
    process?: { versions?: { node?: string } }
    Deno?: unknown
    EdgeRuntime?: unknown
    document?: unknown
  }
  return !!process?.versions?.node && !Deno && !EdgeRuntime && !document
}

/**
 * A module of Node's own, asked for at run time so that no bundler meets an import: where there is one, it
 * may be faster than what the web has.
 */
export function builtin<M>(name: string): M | undefined {
  return (
    globalThis as { process?: { getBuiltinModule?(name: string): M | undefined } }
  ).process?.getBuiltinModule?.(name)
}
