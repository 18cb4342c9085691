import { once } from 'node:events'
import { createEmulator } from '../../emulator.ts'
import { inputError, issue } from '../../errors/issues.ts'
import { isLoopback } from '../../client/addresses.ts'
import { createEmulatorServer } from '../../node.ts'
import { command } from '../command.ts'
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
  details:
    'It takes the partner and key of SMILE_ID_PARTNER_ID and SMILE_ID_API_KEY when both are set, or else prints its own: `smileid emulator > .env`, in a folder\nwithout settings of yours, which that would overwrite, has the other commands there use it.\nEach call is noted on standard error, by path and status alone. Callbacks are delivered to addresses of this machine only. It forgets all when it ends, with Ctrl-C.',
  examples: ['emulator', 'emulator --port 8787 --verdict rejected'],
  async run({ given, io, stop }) {
    const { SMILE_ID_PARTNER_ID: partnerId, SMILE_ID_API_KEY: apiKey } = await readSettings({}, io)
    const known = partnerId && apiKey ? { partnerId, apiKey } : undefined
    const model = createEmulator({
      clock: 'real',
      partners: known && [known],
      seed: given.seed,
      verdict: given.verdict,
      jobDurationMs: given['job-duration'],
      async onCallback(request) {
        // The address came with a request: what is posted to it must not leave this machine.
        if (!isLoopback(new URL(request.url)))
          return (
            io.err('callback not delivered: its address is not on this machine'),
            new Response(null, { status: 204 })
          )
        const answer = await fetch(request).catch(() => Response.error())
        io.err(`callback ${answer.status || 'not taken'}`)
        return answer
      },
    })
    const server = await createEmulatorServer(
      {
        async fetch(request) {
          const answer = await model.fetch(request)
          io.err(`${request.method} ${new URL(request.url).pathname} ${answer.status}`)
          return answer
        },
      },
      { port: given.port },
    ).catch((error: NodeJS.ErrnoException) => {
      throw inputError([
        issue('--port', 'not_allowed', `cannot be listened on (${error.code ?? 'unknown reason'})`),
      ])
    })
    const { partnerId: id, apiKey: key } = model.clientOptions
    io.out(`SMILE_ID_BASE_URL=${server.url}\nSMILE_ID_ENVIRONMENT=sandbox\nSMILE_ID_PARTNER_ID=${id}`)
    // A key of its own is no secret: it opens nothing else.
    io.out(known ? '# SMILE_ID_API_KEY as it is set' : `SMILE_ID_API_KEY=${[key].flat()[0]}`)
    if (!stop.aborted) await once(stop, 'abort')
    await server.close()
    return 'done'
  },
})
