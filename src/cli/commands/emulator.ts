/** `smileid emulator`: serves the emulator on this machine. */
import { once } from 'node:events'
import { isCallbackUrl, isLoopback } from '../../client/addresses.ts'
import { createEmulator, type Emulator, type EmulatorPartner } from '../../emulator.ts'
import type { InputIssue } from '../../errors.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { isInputError, issue } from '../../errors/issues.ts'
import { createEmulatorServer, type EmulatorServer, type EmulatorServerOptions } from '../../node.ts'
import { command } from '../command.ts'
import type { Io } from '../io.ts'
import { PROGRAM } from '../program.ts'
import { readCredentials } from '../settings.ts'

export const emulator = command({
  summary: 'Serve the emulator of the API, v1 and v3, on this machine: no account, nothing billed',
  operands: [],
  flags: {
    port: { kind: 'count', value: 'NUMBER', help: 'default: any free one' },
    seed: { kind: 'count', value: 'NUMBER', help: 'decides all that looks random (default 1)' },
    verdict: {
      kind: ['approved', 'provisional', 'rejected'],
      value: 'WORD',
      help: 'how jobs of v1 end that do not say so themselves (default approved)',
    },
    'allow-host': {
      kind: 'text',
      many: true,
      value: 'NAME',
      help: 'a name by which it may be asked for, beside those of this machine; once for each',
    },
    'callback-url': {
      kind: 'text',
      value: 'URL',
      help: 'where results of v3 go that no request says, as the portal has it (default: none)',
    },
    'job-duration': { kind: 'duration', value: 'TIME', help: 'how long jobs take (default 10s)' },
  },
  details: [
    `It prints the settings with which other commands reach it: ${PROGRAM} emulator > .env, in a folder ` +
      'without settings of yours, which that would overwrite.',
    'The partner is SMILE_ID_PARTNER_ID when that is set. The key is always its own: whoever reaches an ' +
      'emulator can have it sign, so a key of yours is left alone.',
    'One port serves both generations: v1 under /v1, v3 under /v3, for the same partner and key. As in the ' +
      'sandbox of v3, who a job is about decides how it ends,',
    'and nobody is known but the published people, such as Amina Fatou Clearwater, ' +
      'amina.clearwater@example.com, who is clear.',
    'Each call is noted on standard error, by path and status alone. Callbacks are delivered to addresses ' +
      'of this machine only. It forgets all when it ends, with Ctrl-C.',
  ],
  examples: ['emulator', 'emulator --port 8787 --verdict rejected', 'emulator --allow-host emulator'],
  async run({ values, io, signal }) {
    const { partnerId, apiKey: givenKey } = await readCredentials({}, io)
    const model = createEmulator({
      clock: 'real',
      partners: [partnerOf(partnerId, values['callback-url'])],
      seed: values.seed,
      verdict: values.verdict,
      jobDurationMs: values['job-duration'],
      onCallback: (request) => deliverCallback(request, io),
    })
    // A key that the emulator made is no secret: it opens nothing else.
    const [ownKey] = [model.clientOptions.apiKey].flat()
    const server = await serve(model, { port: values.port, allowedHosts: values['allow-host'] }, io)
    if (givenKey !== undefined && givenKey !== ownKey) {
      io.err('smileid: SMILE_ID_API_KEY is not used: the emulator has a key of its own')
    }
    io.out(`SMILE_ID_BASE_URL=${server.url}`)
    io.out('SMILE_ID_ENVIRONMENT=sandbox')
    io.out(`SMILE_ID_PARTNER_ID=${model.clientOptions.partnerId}`)
    io.out(`SMILE_ID_API_KEY=${ownKey}`)
    if (!signal.aborted) await once(signal, 'abort')
    await server.close()
    return 'done'
  },
})

/** What is known of v3's users is in the path. */
function describePath({ pathname }: URL): string {
  return pathname.replace(/^(\/+v3\/+users\/+)[^/]+/, '$1…')
}

/** `085` where none is set. A key that the emulator made opens nothing else. */
function partnerOf(partnerId = '085', callbackUrl?: string): EmulatorPartner {
  if (callbackUrl !== undefined && !isCallbackUrl(callbackUrl, new URL('http://127.0.0.1'))) {
    const message = 'must be https, or of this machine'
    throw new SmileIdInputError([issue('--callback-url', 'wrong_format', message)])
  }
  return { partnerId, apiKey: `emulator-key-of-${partnerId}`, callbackUrl }
}

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

async function serve(model: Emulator, options: EmulatorServerOptions, io: Io): Promise<EmulatorServer> {
  const logged = {
    async fetch(request: Request): Promise<Response> {
      const response = await model.fetch(request)
      io.err(`${request.method} ${describePath(new URL(request.url))} ${response.status}`)
      return response
    },
  }
  try {
    return await createEmulatorServer(logged, options)
  } catch (error) {
    if (isInputError(error)) throw new SmileIdInputError(error.issues.map(nameByFlag))
    const { code } = error as NodeJS.ErrnoException
    throw new SmileIdInputError([
      issue('--port', 'not_allowed', `cannot be listened on (${code ?? 'unknown reason'})`),
    ])
  }
}

const FLAG_BY_OPTION: Readonly<Record<string, string>> = { port: '--port', allowedHosts: '--allow-host' }

function nameByFlag(found: InputIssue): InputIssue {
  const [, option = ''] = /^options\.(\w+)/.exec(found.path) ?? []
  return { ...found, path: FLAG_BY_OPTION[option] ?? found.path }
}
