/** Runs one command line, and turns how it ended into an exit code. */
import { version } from '../../package.json'
import { isSmileIdError } from '../errors.ts'
import { inputError, issue } from '../errors/issues.ts'
import { distance, readArgs } from './args.ts'
import type { Command } from './command.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, type Exit } from './exit.ts'
import { helpOf, overview } from './help.ts'
import type { Io } from './io.ts'
import { exitOf, printError } from './print.ts'

export async function run(args: readonly string[], io: Io): Promise<number> {
  const stop = new AbortController()
  io.onInterrupt(() => (stop.signal.aborted ? io.quit(EXIT.interrupted[0]) : stop.abort()))
  return EXIT[await dispatch(args, io, stop.signal)][0]
}

async function dispatch([name, ...args]: readonly string[], io: Io, stop: AbortSignal): Promise<Exit> {
  if (name === '--version' || name === '-v' || name === 'version') return (io.out(version), 'done')
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return help(args[0], name === undefined, io)
  const described = commandOf(name)
  if (args.some((word) => word === '--help' || word === '-h')) return help(name, false, io)
  if (!described) return unknownCommand(name, io)
  const flags = described.flags as Record<string, { kind: string }>
  try {
    const { given, words } = readArgs(args, described.flags, described.operands)
    return await described.run({ given, words, io, stop })
  } catch (error) {
    if (stop.aborted && (error as Error | undefined)?.name === 'AbortError')
      return (io.err('smileid: interrupted'), 'interrupted')
    if (!isSmileIdError(error)) return unforeseen(error, io)
    printError(io, error, !!flags.json && args.includes('--json'), `See smileid help ${name}`)
    return exitOf(error)
  }
}

const commandOf = (name: string): Command | undefined =>
  Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined

function help(name: string | undefined, asked: boolean, io: Io): Exit {
  const described = name === undefined ? undefined : commandOf(name)
  if (name !== undefined && !described) return unknownCommand(name, io)
  const text = described ? helpOf(name!, described) : overview(COMMANDS, version)
  // Nobody asked for it: then it is no result.
  if (asked) io.err(text)
  else io.out(text)
  return asked ? 'usage' : 'done'
}

function unknownCommand(name: string, io: Io): Exit {
  const near = Object.keys(COMMANDS).find((known) => distance(name, known) <= 2)
  const message = near ? `is no command; did you mean ${near}?` : 'is no command'
  printError(
    io,
    inputError([issue(/^[\w-]{1,40}$/.test(name) ? name : 'the first word', 'not_allowed', message)]),
    false,
    'See smileid help',
  )
  return 'usage'
}

/** The message of a foreign error may quote anything; where it happened, and the system's code, do not. */
function unforeseen(error: unknown, io: Io): Exit {
  const { name, code, syscall, stack = '' } = (error ?? {}) as NodeJS.ErrnoException
  io.err(`smileid: ${[syscall, code ?? name ?? 'an unknown error'].filter(Boolean).join(' ')}`)
  if (code === undefined)
    io.err(
      stack
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .join('\n'),
    )
  return code === 'ENOSPC' ? 'interrupted' : 'usage'
}
