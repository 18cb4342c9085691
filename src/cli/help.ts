/** The help texts: of the program, and of each command. */
import type { Command } from './command.ts'
import { EXITS } from './exit.ts'
import { DEFAULT_VALUE_NAME, type Flag, type Flags } from './flags.ts'
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
  const { summary, details, examples } = command
  const flags = Object.entries({ ...(command.flags as Flags), ...HELP_FLAG })
  const flagRows = flags.map(([flag, described]) =>
    // Where there is one generation, nothing is of the other.
    flagRow(flag, command.v3 ? described : { ...described, only: undefined }),
  )
  const sections = [usageOf(name, command), `${summary}.`]
  if (details) sections.push(details.join('\n'))
  sections.push(`Flags\n${formatTable(flagRows)}`)
  sections.push(`Examples\n${examples.map((example) => `  ${PROGRAM} ${example}`).join('\n')}`)
  return sections.join('\n\n')
}

function usageOf(name: string, { operands, v3 }: Command): string {
  const usage = [name, ...operands, '[flags]']
  const usageOfV3 = [name, '--v3', ...(v3?.operands ?? []), '[flags]']
  const forms = v3 ? [usage, usageOfV3] : [usage]
  return forms.map((words) => `${PROGRAM} ${words.join(' ')}`).join('\n')
}

const HELP_FLAG: Flags = { help: { kind: 'switch', short: 'h', help: 'show this' } }

function flagRow(name: string, { kind, value = DEFAULT_VALUE_NAME, short, only, help }: Flag): TableRow {
  let left = `--${name}`
  if (kind !== 'switch') left += ` ${value}`
  if (short !== undefined) left += `, -${short}`
  return [left, only === undefined ? help : `${only}: ${help}`]
}

function formatTable(rows: readonly TableRow[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
