/** The emulator behind a port: who may ask it, and by which name. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'

const emulator = createEmulator({ clock: 'real' })
let server: EmulatorServer
beforeAll(async () => {
  server = await createEmulatorServer(emulator, { allowedHosts: ['emulator', 'API.test', '[fd00::1]'] })
})
afterAll(() => server.close())

/** The status of the answer to a request with these lines as its header; none when the connection is cut. */
async function ask(...header: string[]): Promise<string | undefined> {
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.write(`${[...header, 'Connection: close'].join('\r\n')}\r\n\r\n`)
  return /^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]
}
const askAs = (host: string) => ask('GET /v1/services HTTP/1.1', `Host: ${host}`)

describe('a request', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8787',
    '127.8.9.10:1',
    'localhost',
    'LocalHost.:8787',
    '[::1]:8787',
    'emulator',
    'EMULATOR:80',
    'api.test.:443',
    '[FD00:0::1]',
  ])('for %s is answered', async (host) => {
    expect(await askAs(host)).toBe('200')
  })

  it.each([
    'rebound.example',
    'rebound.example:8787',
    '127.0.0.1.rebound.example',
    'localhost.rebound.example',
    'emulator.rebound.example',
    'rebound.example#localhost',
    'rebound.example/localhost',
    'localhost@rebound.example',
    'rebound.example\\localhost',
    '10.0.0.1',
    '[fd00::2]',
    'a:b',
    ':8787',
    '',
  ])('for %j is refused, and the emulator does not hear of it', async (host) => {
    const before = emulator.calls.length
    expect(await askAs(host)).toBe('421')
    expect(emulator.calls.length).toBe(before)
  })

  it('for nobody is refused', async () => {
    expect(await ask('GET /v1/services HTTP/1.0')).toBe('421')
    expect(await ask('GET /v1/services HTTP/1.1')).toBe('400')
  })

  it('for another name in its first line is refused', async () => {
    const before = emulator.calls.length
    expect(await ask('GET http://rebound.example/v1/services HTTP/1.1', 'Host: localhost')).toBe('421')
    expect(emulator.calls.length).toBe(before)
  })
})

it('says what is wrong with its options', async () => {
  const options = { port: 65_536, allowedHosts: ['emulator', 'https://a.example', 'a.example:80', ''] }
  const message = 'must be a host name without scheme and port'
  await expect(createEmulatorServer(emulator, options)).rejects.toMatchObject({
    code: 'invalid_input',
    issues: [
      { path: 'options.port', message: 'must be a whole number from 0 to 65535' },
      { path: 'options.allowedHosts[1]', message },
      { path: 'options.allowedHosts[2]', message },
      { path: 'options.allowedHosts[3]', message },
    ],
  })
})
