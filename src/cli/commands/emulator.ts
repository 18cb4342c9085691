/** `smileid emulator`: serves the emulator on this machine. */
import { once } from 'node:events'
import { isLoopback } from '../../client/addresses.ts'
import { createEmulator, type Emulator } from '../../emulator.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { issue } from '../../errors/issues.ts'
import { createEmulatorServer, type EmulatorServer } from '../../node.ts'
import { command } from '../command.ts'
import type { Io } from '../io.ts'
import { readSettings } from '../settings.ts'

export const emulator = command({
  summary: 'Serve the emulator of the API on this machine: no account, nothing billed',
  operands: [],
  flags: {
    port: { kind: 'count', value: 'NUMBER', help: 'default: any free one' },
    seed: { kind: 'count', value: 'NUMBER', help: 'decides all that looks random (default 1)' },
    verdict: {
      kind: ['approved', 'provisional', 'rejected'],
      value: 'WORD',
      help: 'how jobs end that do not say so themselves (default approved)',
    },
    'job-duration': { kind: 'duration', value: 'TIME', help: 'how long jobs take (default 10s)' },
  },
  details: [
    'It takes the partner and key of SMILE_ID_PARTNER_ID and SMILE_ID_API_KEY when both are set, or else ' +
      'prints its own: `smileid emulator > .env`, in a folder',
    'without settings of yours, which that would overwrite, has the other commands there use it.',
    'Each call is noted on standard error, by path and status alone. Callbacks are delivered to addresses ' +
      'of this machine only. It forgets all when it ends, with Ctrl-C.',
  ],
  examples: ['emulator', 'emulator --port 8787 --verdict rejected'],
  async run({ values, io, signal }) {
    const { SMILE_ID_PARTNER_ID: partnerId, SMILE_ID_API_KEY: apiKey } = await readSettings({}, io)
    const partner = partnerId && apiKey ? { partnerId, apiKey } : undefined
    const model = createEmulator({
      clock: 'real',
      partners: partner && [partner],
      seed: values.seed,
      verdict: values.verdict,
      jobDurationMs: values['job-duration'],
      onCallback: (request) => deliverCallback(request, io),
    })
    const server = await serve(model, values.port, io)
    io.out(`SMILE_ID_BASE_URL=${server.url}`)
    io.out('SMILE_ID_ENVIRONMENT=sandbox')
    io.out(`SMILE_ID_PARTNER_ID=${model.clientOptions.partnerId}`)
    // A key that the emulator made is no secret: it opens nothing else.
    const [ownKey] = [model.clientOptions.apiKey].flat()
    io.out(partner ? '# SMILE_ID_API_KEY as it is set' : `SMILE_ID_API_KEY=${ownKey}`)
    if (!signal.aborted) await once(signal, 'abort')
    await server.close()
    return 'done'
  },
})

/** A request names the address of its callbacks, so what is posted there must not leave this machine. */
async function deliverCallback(request: Request, io: Io): Promise<Response> {
  if (!isLoopback(new URL(request.url))) {
    io.err('callback not delivered: its address is not on this machine')
    return new Response(null, { status: 204 })
  }
  const response = await fetch(request).catch(() => Response.error())
  io.err(`callback ${response.status || 'not taken'}`)
  return response
}

async function serve(model: Emulator, port: number | undefined, io: Io): Promise<EmulatorServer> {
  const logged = {
    async fetch(request: Request): Promise<Response> {
      const response = await model.fetch(request)
      io.err(`${request.method} ${new URL(request.url).pathname} ${response.status}`)
      return response
    },
  }
  try {
    return await createEmulatorServer(logged, { port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SmileIdInputError([
      issue('--port', 'not_allowed', `cannot be listened on (${code ?? 'unknown reason'})`),
    ])
  }
}
