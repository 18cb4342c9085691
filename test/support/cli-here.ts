/** The command in this process: as a process of its own, without what it takes to start one. */
import { run } from '../../src/cli/run.ts'
import type { Ended } from './cli.ts'

export interface HereOptions {
  env?: Record<string, string>
  /** Standard input. */
  input?: string | Uint8Array
  /** Its abort is a Ctrl-C. */
  interrupt?: AbortSignal
  /** Sees each line of standard error. */
  onErr?: (line: string) => void
  /** @default the global fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** @default Date.now */
  now?: () => number
}

/** `.env` is read in the folder where the process is. */
export async function runHere(args: readonly string[], options: HereOptions = {}): Promise<Ended> {
  const { env = {}, input = '', interrupt, onErr, fetch, now = Date.now } = options
  let out = ''
  let err = ''
  const code = await run(args, {
    out: (line) => void (out += `${line}\n`),
    err(line) {
      err += `${line}\n`
      onErr?.(line)
    },
    env,
    input: async () => Buffer.from(input),
    onInterrupt: (handler) => interrupt?.addEventListener('abort', handler),
    quit() {},
    ...(fetch && { fetch }),
    now,
  })
  return { code, out, err }
}
