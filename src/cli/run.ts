/** Runs one command line, and turns how it ended into an exit code. */
import { version } from '../../package.json'
import { isSmileIdError } from '../errors.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { readArgs } from './args.ts'
import type { Command } from './command.ts'
import { COMMANDS } from './commands.ts'
import { editDistance } from '../platform/edit-distance.ts'
import { type Exit, EXITS } from './exit.ts'
import type { Flags } from './flags.ts'
import { commandHelp, overview } from './help.ts'
import type { Io } from './io.ts'
import { exitForError, printError } from './print.ts'
import { PROGRAM } from './program.ts'
import { withVisibleControls } from './text.ts'

/** Resolves with the exit code. */
export async function run(args: readonly string[], outside: Io): Promise<number> {
  const io = withoutControls(outside)
  const controller = new AbortController()
  io.onInterrupt(() => {
    if (controller.signal.aborted) io.quit(EXITS.interrupted.code)
    else controller.abort()
  })
  const exit = await dispatch(args, io, controller.signal)
  return EXITS[exit].code
}

/** Whatever a command prints of a file or a reply, the terminal is shown it and does not obey it. */
function withoutControls(io: Io): Io {
  return {
    ...io,
    out: (line) => io.out(withVisibleControls(line)),
    err: (line) => io.err(withVisibleControls(line)),
  }
}

async function dispatch([name, ...args]: readonly string[], io: Io, signal: AbortSignal): Promise<Exit> {
  if (name === undefined) {
    // Nobody asked for help, so it is no result.
    io.err(overview(COMMANDS, version))
    return 'usage'
  }
  if (['--version', '-v', 'version'].includes(name)) {
    io.out(version)
    return 'done'
  }
  if (isHelpFlag(name) || name === 'help') return printHelp(args[0], io)
  if (args.some(isHelpFlag)) return printHelp(name, io)
  const command = findCommand(name)
  if (!command) return printUnknownCommand(name, io)
  return runCommand({ name, command, args, io, signal })
}

function isHelpFlag(word: string): boolean {
  return word === '--help' || word === '-h'
}

interface CommandLine {
  name: string
  command: Command
  args: readonly string[]
  io: Io
  signal: AbortSignal
}

async function runCommand({ name, command, args, io, signal }: CommandLine): Promise<Exit> {
  const flags = command.flags as Flags
  try {
    const { values, positionals, generation } = readArgs(args, command)
    return await command.run({ values, positionals, generation, io, signal })
  } catch (error) {
    if (signal.aborted && (error as Error | undefined)?.name === 'AbortError') {
      io.err('smileid: interrupted')
      return 'interrupted'
    }
    if (!isSmileIdError(error)) return printUnexpectedError(error, io)
    // The command line may be what is wrong, so its values cannot be asked.
    const json = Object.hasOwn(flags, 'json') && args.includes('--json')
    const full = Object.hasOwn(flags, 'full') ? args.includes('--full') : undefined
    printError(io, error, { json, full, help: `See ${PROGRAM} help ${name}` })
    return exitForError(error)
  }
}

function findCommand(name: string): Command | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
}

function printHelp(name: string | undefined, io: Io): Exit {
  if (name === undefined) {
    io.out(overview(COMMANDS, version))
    return 'done'
  }
  const command = findCommand(name)
  if (!command) return printUnknownCommand(name, io)
  io.out(commandHelp(name, command))
  return 'done'
}

function printUnknownCommand(name: string, io: Io): Exit {
  const nearest = Object.keys(COMMANDS).find((known) => editDistance(name, known) <= 2)
  const message = nearest ? `is no command; did you mean ${nearest}?` : 'is no command'
  // Any other text may be a secret at the wrong place.
  const shownName = /^[\w-]{1,40}$/.test(name) ? name : 'the first word'
  const error = new SmileIdInputError([issue(shownName, 'not_allowed', message)])
  printError(io, error, { help: `See ${PROGRAM} help` })
  return 'usage'
}

/** The message of a foreign error may quote anything; its stack and the code of the system do not. */
function printUnexpectedError(error: unknown, io: Io): Exit {
  const { name, code, syscall, stack = '' } = (error ?? {}) as NodeJS.ErrnoException
  const reason = code ?? name ?? 'an unknown error'
  io.err(`smileid: ${syscall ? `${syscall} ${reason}` : reason}`)
  if (code === undefined) {
    const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
    io.err(frames.join('\n'))
  }
  return code === 'ENOSPC' ? 'interrupted' : 'usage'
}
