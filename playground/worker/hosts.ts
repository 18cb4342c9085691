/**
 * By which host names the playground may be called. A page of somebody else's that points its own name at
 * this machine (DNS rebinding) is of one origin with what answers there; only the Host header tells.
 */
import type { Env } from './bindings.ts'
import { isEmulated } from './client.ts'
import { type Problem } from './problem.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Callbacks come by whatever name they were told, and prove by their signature where they are from.
 * Everything else must come by a name of `PLAYGROUND_HOSTS`. Where there are none, it depends: the emulator
 * lets everybody in, so it is for this machine alone; a deployment with a token is reached by the names that
 * Cloudflare routes to it.
 */
export function isKnownHost(request: Request, env: Env): boolean {
  const { hostname, pathname } = new URL(request.url)
  if (pathname === '/callbacks') return true
  const hosts = hostsOf(env.PLAYGROUND_HOSTS ?? '')
  if (hosts.length) return hosts.includes(hostname)
  return !isEmulated(env) || LOOPBACK.includes(hostname)
}

/** Written as a URL writes them, and without ports, which do not matter here. */
function hostsOf(list: string): string[] {
  return list
    .split(/[\s,]+/)
    .filter((name) => name !== '' && URL.canParse(`http://${name}`))
    .map((name) => new URL(`http://${name}`).hostname)
}

export const FOREIGN_HOST: Problem = {
  status: 421,
  code: 'foreign_host',
  title: 'The playground does not answer to this host name: PLAYGROUND_HOSTS says to which it does.',
}
