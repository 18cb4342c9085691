/**
 * The least that a test needs, on Web APIs alone: the same files run under vitest and, bare, in every
 * runtime.
 */

export interface Env {
  /** Root of the peer that answers over real HTTP, see test/support/peer.ts. */
  peer: string
}

export interface Test {
  name: string
  run(env: Env): unknown
}

export const tests: Test[] = []
let section = ''

/** Tests about one thing; its name stands before theirs. */
export function describe(name: string, define: () => void): void {
  section = `${name}: `
  define()
  section = ''
}

export function test(name: string, run: Test['run']): void {
  tests.push({ name: section + name, run })
}

export function ok(value: unknown, message: string): asserts value {
  if (!value) throw new Error(`not so: ${message}`)
}

export function equal(actual: unknown, expected: unknown, message = 'value'): void {
  const [a, b] = [actual, expected].map((value) =>
    JSON.stringify(value, (_, item: unknown) => (item === undefined ? '(undefined)' : item)),
  )
  if (a !== b) throw new Error(`${message}: got ${a}, expected ${b}`)
}

export async function rejection(promise: Promise<unknown>): Promise<any> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new Error(`did not reject, but gave ${JSON.stringify(value)}`)
}

/** What a call was refused for, as `path code`. */
export async function issuesOf(promise: Promise<unknown>): Promise<string[]> {
  const { issues } = await rejection(promise)
  return issues.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)
}

/** Runs all of them, and says which one begins; what failed, with the reason. */
export async function runAll(
  env: Env,
  onBegin: (name: string) => void = () => {},
): Promise<{ passed: number; failed: string[] }> {
  const failed: string[] = []
  for (const { name, run } of tests) {
    onBegin(name)
    try {
      await run(env)
    } catch (error) {
      failed.push(`${name}: ${(error as Error)?.stack ?? String(error)}`)
    }
  }
  return { passed: tests.length - failed.length, failed }
}
