/** The settings in the `.env` of the folder that the command runs in. */
import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { systemCode } from '../platform/system-errors.ts'
import { decodeText } from './decode.ts'

/** @throws {SmileIdInputError} `invalid_input`: it cannot be read, or is no text. */
export async function readDotenv(): Promise<Record<string, string | undefined>> {
  const bytes = await readFile('.env').catch((error: unknown) => {
    const code = systemCode(error)?.message ?? 'unknown reason'
    if (code === 'ENOENT') return undefined
    throw new SmileIdInputError([issue('.env', 'wrong_format', `cannot be read (${code})`)])
  })
  return bytes ? parseEnv(decodeText(bytes, '.env')) : {}
}
