/** Starts the server that tests of all runtimes talk to over HTTP. */
import type { TestProject } from 'vitest/node'
import { startPeer } from './peer'

declare module 'vitest' {
  export interface ProvidedContext {
    peer: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const peer = await startPeer()
  project.provide('peer', peer.url)
  return peer.close
}
