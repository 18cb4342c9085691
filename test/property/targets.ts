/** Functions to be called with odd inputs. */

export interface Target {
  args: () => unknown[]
  call: (...args: any[]) => unknown
  /** What the docstring says that it throws beside errors of the SDK. */
  documented?: (error: any) => boolean
}

export const called = (call: Target['call'], ...args: (() => unknown)[]): Target => ({
  args: () => args.map((make) => make()),
  call,
})

/** Whatever it begins is seen to its end. */
export async function collect(iterable: AsyncIterable<unknown>): Promise<void> {
  let items = 0
  for await (const _ of iterable) if (++items > 10) return
}
