/** What every journal and every replay store must do, wherever it keeps what it knows. */
import type { StoreCase } from 'smileid-edge/store-contract'

/** Fails with all that a store does not do. */
export async function checkStore(cases: readonly StoreCase[]): Promise<void> {
  const failures: string[] = []
  for (const { name, run } of cases)
    await run().catch((error: unknown) => failures.push(`${name}: ${String(error)}`))
  if (failures.length) throw new Error(failures.join('\n'))
}

/** Opens what one process keeps: the same thing at one place, as a database would. */
export function keptInMemory<T, A extends unknown[]>(
  make: (...more: A) => T,
): (place: string, ...more: A) => T {
  const kept = new Map<string, T>()
  return (place, ...more) => {
    const store = kept.get(place) ?? make(...more)
    kept.set(place, store)
    return store
  }
}
