/** What the command says about itself. */
import type { Flags } from './args.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit.ts'

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}

export const overview = (
  commands: Readonly<Record<string, Command>>,
  version: string,
): string => `smileid ${version}: the Smile ID API from a terminal (unofficial)

smileid COMMAND …
${table(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}
  help COMMAND shows its flags and examples; --version the version.

Credentials are SMILE_ID_PARTNER_ID, SMILE_ID_API_KEY and SMILE_ID_ENVIRONMENT, of the environment or of .env in this folder.
smileid doctor says what is wrong with them; without an account, smileid emulator stands in for the service.

Exit codes
${table(Object.values(EXIT).map(([code, meaning]) => [`${code}`, meaning]))}`

export const helpOf = (name: string, { summary, operands, flags, details, examples }: Command): string =>
  [
    `smileid ${[name, ...operands].join(' ')} [flags]`,
    `${summary}.${details ? `\n\n${details}` : ''}`,
    `Flags\n${table(flagRows(flags as Flags))}`,
    `Examples\n${examples.map((example) => `  smileid ${example}`).join('\n')}`,
  ].join('\n\n')

const HELP: Flags = { help: { kind: 'switch', short: 'h', help: 'show this' } }

const flagRows = (flags: Flags) =>
  Object.entries({ ...flags, ...HELP }).map(
    ([name, { kind, value = 'VALUE', short, help }]) =>
      [`--${name}${kind === 'switch' ? '' : ` ${value}`}${short ? `, -${short}` : ''}`, help] as const,
  )
