/** The connections of `nodeFetch`: kept for later requests, and given back before a server closes them. */
import type { Agent, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { builtin } from '../../platform/runtime.ts'

type Http = typeof import('node:http')
type Https = typeof import('node:https')

/** How long an idle connection is kept where the server does not say how long it keeps it. */
const IDLE_MS = 4_000
/** A connection is given back by so much earlier than the server closes it. */
const EARLIER_MS = 1_000
const MOST_IDLE_MS = 600_000
/** For TCP and TLS together, as Node's fetch has it. */
const CONNECT_MS = 10_000

/** What requests of one scheme go through. */
export interface Way {
  request: Http['request']
  agent: Agent
}

const ways = /* @__PURE__ */ new Map<string, Way>()

/** By `http:` or `https:`; `undefined` for any other scheme. */
export function wayOf(protocol: string): Way | undefined {
  const known = ways.get(protocol)
  if (known) return known
  const way = makeWay(protocol)
  if (way) ways.set(protocol, way)
  return way
}

/** Modules are asked for at run time: bundles for other runtimes hold this file, too. */
function makeWay(protocol: string): Way | undefined {
  if (protocol === 'http:') {
    const http = builtin<Http>('http')!
    return { request: http.request, agent: keepingAgent(http.Agent, http.globalAgent) }
  }
  if (protocol === 'https:') {
    const https = builtin<Https>('https')!
    return { request: https.request, agent: keepingAgent(https.Agent, https.globalAgent) }
  }
  return undefined
}

/** How long the server of a connection keeps it idle, as it said last. */
const serverIdleMs = /* @__PURE__ */ new WeakMap<Socket, number>()

/** Takes note of `Keep-Alive: timeout=…`, in seconds. */
export function noteKeepAlive({ socket, headers }: IncomingMessage): void {
  const seconds = /\btimeout=(\d+)/i.exec(`${headers['keep-alive']}`)?.[1]
  if (seconds !== undefined) serverIdleMs.set(socket, Number(seconds) * 1000)
}

type AgentClass = new (options: object) => Agent

function keepingAgent(Base: AgentClass, globalAgent: Agent): Agent {
  class KeepingAgent extends (Base as typeof Agent) {
    override createConnection(...args: Parameters<Agent['createConnection']>) {
      const socket = super.createConnection(...args)
      // None yet where the way leads through a proxy.
      if (socket) limitConnecting(socket as Socket)
      return socket
    }

    override keepSocketAlive(socket: Socket): boolean {
      const idleMs = idleLimit(socket)
      // Node's types have it give nothing; it tells whether the connection may be kept.
      const isKept = super.keepSocketAlive(socket) as unknown as boolean
      if (idleMs <= 0 || !isKept) return false
      // At the end of it, an agent destroys a socket that is idle, and no other.
      socket.setTimeout(idleMs)
      return true
    }
  }
  // The connection that was used last is the one whose server keeps it longest.
  const options = { keepAlive: true, scheduling: 'lifo', ...proxyOptions(globalAgent) }
  return new KeepingAgent(options as object)
}

function idleLimit(socket: Socket): number {
  const said = serverIdleMs.get(socket)
  return said === undefined ? IDLE_MS : Math.min(said - EARLIER_MS, MOST_IDLE_MS)
}

/** The proxies of Node's own agent: those of the environment, where NODE_USE_ENV_PROXY asks for them. */
function proxyOptions(globalAgent: Agent): { proxyEnv?: unknown } {
  const { proxyEnv } = (globalAgent as { options?: { proxyEnv?: unknown } }).options ?? {}
  return proxyEnv === undefined ? {} : { proxyEnv }
}

/** Fails as the system does: whoever reads the error sees that nothing was sent. */
function limitConnecting(socket: Socket): void {
  const timer = setTimeout(() => {
    const error = new Error('connecting took too long')
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' }))
  }, CONNECT_MS)
  const stop = () => clearTimeout(timer)
  const isTls = 'encrypted' in socket
  socket.once(isTls ? 'secureConnect' : 'connect', stop)
  socket.once('close', stop)
}
