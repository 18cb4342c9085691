/** Scripts in Lua, which Redis runs one at a time: all that one does happens at once. */
import { encodeHex, utf8 } from '../platform/bytes.ts'
import type { RedisDatabase } from './database.ts'

/** Runs a script over keys, which it has as KEYS, and values, as ARGV. */
export type RunScript = (keys: readonly string[], values: readonly (string | number)[]) => Promise<unknown>

/** Sends Redis the hash of the text, and the text itself where Redis does not have it yet. */
export function createScript(redis: RedisDatabase, text: string): RunScript {
  let hash: Promise<string> | undefined

  return async (keys, values) => {
    hash ??= sha1(text)
    const rest = [String(keys.length), ...keys, ...values.map(String)]
    try {
      return await redis.command(['EVALSHA', await hash, ...rest])
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return redis.command(['EVAL', text, ...rest])
    }
  }
}

/** Redis names scripts by it. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', utf8(text))
  return encodeHex(new Uint8Array(digest))
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.includes('NOSCRIPT')
}

/**
 * The beginning of scripts that need the time: `clock` has it in milliseconds since 1970, as the caller says
 * it, else by Redis' own clock; `exact` writes a number with all its digits.
 */
export const CLOCK = `
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000
end
local function exact(number) return string.format('%.17g', number) end
`
