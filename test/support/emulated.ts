/** An emulator and a client of it: what most tests begin with. Web APIs alone. */
import { createClient, type ClientOptions } from 'smileid-edge/client'
import { createEmulator, type EmulatorOptions } from 'smileid-edge/emulator'

export function start(options?: EmulatorOptions, more: Partial<ClientOptions> = {}) {
  const emulator = createEmulator(options)
  // In a browser window a client has to be told that it may.
  const client = createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true, ...more })
  const now = emulator.clientOptions.now!
  const began = now()
  /** Milliseconds of the emulator's clock since it was started. */
  const waited = () => now() - began
  return { emulator, client, now, waited }
}

export interface Sent {
  /** With its body unread. */
  request: Request
  method: string
  url: URL
  headers: Record<string, string>
  bytes: Uint8Array<ArrayBuffer>
}

/** The same, with all that the client sends. */
export function startRecording(options?: EmulatorOptions, more: Partial<ClientOptions> = {}) {
  const sent: Sent[] = []
  const started = start(options, {
    async fetch(url, init) {
      const request = new Request(url, init)
      sent.push({
        request: request.clone() as Request,
        method: request.method,
        url: new URL(url),
        headers: Object.fromEntries(request.headers),
        bytes: new Uint8Array(await request.clone().arrayBuffer()),
      })
      return started.emulator.fetch(request)
    },
    ...more,
  })
  return { ...started, sent }
}
