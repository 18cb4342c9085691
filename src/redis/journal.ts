/** The journal of a bulk run in Redis. */
import { type Journal, type JournalEntry, lostEntries, otherScope } from '../bulk/journal.ts'
import { createWriteGroups } from '../bulk/write-groups.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { encodeBase64 } from '../platform/base64.ts'
import { checkRedis, type RedisDatabase } from './database.ts'
import { keyOptions } from './input.ts'
import { createScript } from './script.ts'

/** Fields of the hash that are no entries, whose keys begin with an environment. */
const SCOPE = '#scope'
const DIGEST_KEY = '#digest_key'

/** The first that is bound stays. */
const BIND = `
redis.call('HSETNX', KEYS[1], '${SCOPE}', ARGV[1])
redis.call('HSETNX', KEYS[1], '${DIGEST_KEY}', ARGV[2])
return redis.call('HMGET', KEYS[1], '${SCOPE}', '${DIGEST_KEY}')
`

/**
 * Writes entries (key, rev, the rest) whose rev is one above the latest; returns a 1 or a 0 for each, or -1
 * where the journal is another one by now.
 */
const WRITE = `
if ARGV[1] ~= '' and redis.call('HGET', KEYS[1], '${DIGEST_KEY}') ~= ARGV[1] then return -1 end
local written = {}
for i = 2, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local rev = known and tonumber(string.match(known, '^%d+')) or 0
  local isNext = tonumber(ARGV[i + 1]) == rev + 1
  if isNext then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ' ' .. ARGV[i + 2]) end
  written[#written + 1] = isNext and 1 or 0
end
return written
`

/** Fields that Redis is to look at for each page of entries. */
const PAGE = '500'

/**
 * Keeps a bulk run in Redis: one hash, with a field for each user, some 300 bytes, and two for the
 * environment, the partner and the key of the digests.
 *
 * A script compares and sets, so that workers without number may share the journal; those who write at once
 * go together in one. It holds no photo and no name. `entries()` comes in no order, and remembers the keys it
 * has given. Nothing in it expires. Redis must not evict it (`maxmemory-policy noeviction`) and must write it
 * down before it answers (`appendonly yes`, `appendfsync always`), or a crash of Redis takes the last second
 * with it. Where Redis comes back without the journal, writes reject. Errors of Redis reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments. `bind` rejects so for another environment or
 *   partner, and `write` where the journal has lost what it knew.
 *
 * @example
 * ```ts
 * import { type BackfillInput, backfillRow } from 'smileid-edge/bulk'
 * import { type Client } from 'smileid-edge/client'
 * import { createRedisJournal, fromIoredis, type IoredisLike } from 'smileid-edge/redis'
 *
 * export const work = (client: Client, redis: IoredisLike, row: BackfillInput) =>
 *   backfillRow(client, row, { journal: createRedisJournal(fromIoredis(redis)) })
 * ```
 */
export function createRedisJournal(
  redis: RedisDatabase,
  options: { /** @default 'smileid:journal' */ key?: string | undefined } = {},
): Journal {
  const { key: hash = 'smileid:journal' } = checkRedis(redis, keyOptions(), options)
  const bind = createScript(redis, BIND)
  const runWrite = createScript(redis, WRITE)
  let boundKey = ''

  const write = createWriteGroups(async (entries) => {
    const values = entries.flatMap(({ key, rev, ...rest }) => [key, rev, JSON.stringify(entryFields(rest))])
    const written = await runWrite([hash], [boundKey, ...values])
    if (!Array.isArray(written)) throw new SmileIdInputError([lostEntries()])
    const kept = entries.filter((_, i) => Number(written[i]) === 1)
    return new Set(kept.map(({ key }) => key))
  })

  return {
    async bind({ environment, partnerId, hideUserIds = false }) {
      const scope = JSON.stringify([environment, partnerId, hideUserIds])
      const newKey = encodeBase64(crypto.getRandomValues(new Uint8Array(32)))
      const [known, digestKey] = (await bind([hash], [scope, newKey])) as [string, string]
      if (known !== scope) throw new SmileIdInputError([otherScope()])
      boundKey = digestKey
      return digestKey
    },
    async read(key) {
      const text = (await redis.command(['HGET', hash, key])) as string | null
      return text === null ? undefined : entryOf(key, text)
    },
    write,
    async *entries() {
      const seen = new Set<string>([SCOPE, DIGEST_KEY])
      let cursor = '0'
      do {
        const reply = await redis.command(['HSCAN', hash, cursor, 'COUNT', PAGE])
        const [next, fields] = reply as [string, string[]]
        cursor = String(next)
        for (let i = 0; i < fields.length; i += 2) {
          const [key, text] = fields.slice(i, i + 2) as [string, string]
          // A hash that grows meanwhile may give some twice.
          if (seen.has(key)) continue
          seen.add(key)
          yield entryOf(key, text)
        }
      } while (cursor !== '0')
    },
  }
}

/** What an entry may have, and nothing else that came with it. */
function entryFields(entry: Omit<JournalEntry, 'key' | 'rev'>): Omit<JournalEntry, 'key' | 'rev'> {
  const { state, at, leaseUntil, attempts, digest, code, smileJobId, attempted } = entry
  return { state, at, leaseUntil, attempts, digest, code, smileJobId, attempted } as typeof entry
}

function entryOf(key: string, text: string): JournalEntry {
  const space = text.indexOf(' ')
  return { key, rev: Number(text.slice(0, space)), ...JSON.parse(text.slice(space)) }
}
