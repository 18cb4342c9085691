/** Where calls go, said before the first one does. */
import type { Client } from '../client.ts'
import type { Io } from './io.ts'

/** `sandbox (testapi.smileidentity.com)` */
export function describeTarget({ environment, baseUrl }: Client): string {
  return `${environment} (${new URL(baseUrl).host})`
}

/** Returns a function that says once for each target where calls go. */
export function createTargetNamer(io: Pick<Io, 'err'>): (client: Client) => void {
  const named = new Set<string>()
  return (client) => {
    const target = describeTarget(client)
    if (named.has(target)) return
    named.add(target)
    io.err(`smileid: sending to ${target}`)
  }
}
