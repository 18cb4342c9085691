/** An emulator behind a port of this machine, and clients of it. */
import { createClient, type Client, type ClientOptions } from 'smileid-edge/client'
import { createEmulator, type Emulator, type EmulatorOptions } from 'smileid-edge/emulator'
import { createEmulatorServer } from 'smileid-edge/node'

export interface ServedEmulator {
  emulator: Emulator
  url: string
  connect(more?: Partial<ClientOptions>): Client
  close(): Promise<void>
}

export async function serveEmulator(
  options: EmulatorOptions & { port?: number } = {},
): Promise<ServedEmulator> {
  const { port, ...emulated } = options
  const emulator = createEmulator({ clock: 'real', ...emulated })
  const { partnerId, apiKey } = emulator.clientOptions
  const server = await createEmulatorServer(emulator, { port })
  return {
    emulator,
    url: server.url,
    connect: (more = {}) =>
      createClient({ partnerId, apiKey, environment: 'sandbox', baseUrl: server.url, ...more }),
    close: () => server.close(),
  }
}
