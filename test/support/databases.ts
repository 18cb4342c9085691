/** Real Redis and Postgres, of this test's own: in a folder of their own, on ports that nobody has. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'

export interface Server {
  port: number
  /** Takes it away at once, as a power cut does, its data left on disk. */
  kill(): Promise<void>
  /** Brings it back to the same port; Redis without its data, which it never wrote down. */
  restart(): Promise<void>
  close(): Promise<void>
}

interface User {
  uid?: number
  gid?: number
}

const redisServer = find('redis-server')
const postgresBin = findPostgres()
/** Postgres refuses to run as root, whose tests have the user that Debian makes for it. */
const postgresUser: User | undefined = process.getuid?.() === 0 ? idsOf('postgres') : {}

/** Servers that are not on this machine, with how to have them. */
export const missingDatabases: readonly string[] = [
  ...(redisServer ? [] : ['Redis: apt-get install --no-install-recommends redis-server']),
  ...(postgresBin && postgresUser ? [] : ['Postgres: apt-get install --no-install-recommends postgresql']),
]
if (missingDatabases.length) {
  if (process.env.CI) throw new Error(missingDatabases.join('; '))
  console.log(`\n!!! STORES ON REAL SERVERS ARE LEFT OUT: ${missingDatabases.join('; ')}\n`)
}

export async function startRedis(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'smileid-redis-'))
  const port = await freePort()
  const nothingKept = ['--save', '', '--appendonly', 'no', '--daemonize', 'no', '--loglevel', 'warning']
  const flags = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...nothingKept]
  const start = () => spawn(redisServer!, flags, { stdio: 'ignore' })
  return startServer({ folder, port, start, answers: redisAnswers })
}

/** Everybody on this machine may connect as `postgres`. */
export async function startPostgres(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'smileid-postgres-'))
  const port = await freePort()
  const user = postgresUser!
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
  execFileSync(join(postgresBin!, 'initdb'), init, { stdio: 'ignore', cwd: folder, ...user })
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off' }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const program = join(postgresBin!, 'postgres')
  const start = () => spawn(program, ['-D', data, ...flags], { stdio: 'ignore', cwd: folder, ...user })
  return startServer({ folder, port, start, answers: postgresAnswers })
}

async function startServer({
  folder,
  port,
  start,
  answers,
}: {
  folder: string
  port: number
  start(): ChildProcess
  answers(port: number): Promise<boolean>
}): Promise<Server> {
  let child = start()
  await listening(child, () => answers(port))

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  return {
    port,
    // Of Postgres, its other processes must end with it.
    kill: () => end('SIGQUIT'),
    async restart() {
      await end('SIGQUIT')
      child = start()
      await listening(child, () => answers(port))
    },
    async close() {
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves once the server answers; rejects where it has ended. */
async function listening(child: ChildProcess, answers: () => Promise<boolean>): Promise<void> {
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function redisAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
  })
}

/** It listens before it has put its data right. */
async function postgresAnswers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/** Where Debian has its programs, the newest first, or where `initdb` is. */
function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    join(find('initdb') ?? '/', '..'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

function idsOf(user: string): User | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}
