/** The help texts: of the program, and of each command. */
import type { Command } from './command.ts'
import { EXITS } from './exit.ts'
import { DEFAULT_PLACEHOLDER, type Flag, type Flags } from './flags.ts'
import { PROGRAM } from './program.ts'

type TableRow = readonly [left: string, right: string]

export function overview(commands: Readonly<Record<string, Command>>, version: string): string {
  const commandRows = Object.entries(commands).map(([name, { summary }]): TableRow => [name, summary])
  const exitRows = Object.values(EXITS).map(({ code, meaning }): TableRow => [`${code}`, meaning])
  return [
    `smileid-edge ${version}: the Smile ID API from a terminal (unofficial)`,
    '',
    `${PROGRAM} COMMAND …`,
    formatTable(commandRows),
    '  help COMMAND shows its flags and examples; --version the version.',
    '',
    'Credentials are SMILE_ID_PARTNER_ID, SMILE_ID_API_KEY and SMILE_ID_ENVIRONMENT, of the environment or ' +
      'of .env in this folder.',
    `${PROGRAM} doctor says what is wrong with them; without an account, ${PROGRAM} emulator stands in ` +
      'for the service.',
    '',
    'Exit codes',
    formatTable(exitRows),
  ].join('\n')
}

export function commandHelp(name: string, command: Command): string {
  const { summary, operands, details, examples } = command
  const flagRows = Object.entries({ ...(command.flags as Flags), ...HELP_FLAG }).map(flagRow)
  const sections = [`${PROGRAM} ${[name, ...operands].join(' ')} [flags]`, `${summary}.`]
  if (details) sections.push(details.join('\n'))
  sections.push(`Flags\n${formatTable(flagRows)}`)
  sections.push(`Examples\n${examples.map((example) => `  ${PROGRAM} ${example}`).join('\n')}`)
  return sections.join('\n\n')
}

const HELP_FLAG: Flags = { help: { kind: 'switch', short: 'h', help: 'show this' } }

function flagRow([name, { kind, value = DEFAULT_PLACEHOLDER, short, help }]: [string, Flag]): TableRow {
  let left = `--${name}`
  if (kind !== 'switch') left += ` ${value}`
  if (short !== undefined) left += `, -${short}`
  return [left, help]
}

function formatTable(rows: readonly TableRow[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
