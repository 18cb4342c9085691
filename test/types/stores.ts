/** The real drivers fit what the stores take. */
import type { Client as LibsqlClient } from '@libsql/client'
import type Database from 'better-sqlite3'
import type { Redis } from 'ioredis'
import type pg from 'pg'
import type postgres from 'postgres'
import type { createClient } from 'redis'
import { fromIoredis, fromNodeRedis, type RedisDatabase } from 'smileid-edge/redis'
import { fromLibsql, fromPg, fromPostgres, fromSqlite, type SqlDatabase } from 'smileid-edge/sql'

export const sql = (drivers: {
  libsql: LibsqlClient
  better: Database.Database
  pool: pg.Pool
  client: pg.Client
  postgres: postgres.Sql
}): SqlDatabase[] => [
  fromLibsql(drivers.libsql),
  fromSqlite(drivers.better),
  fromPg(drivers.pool),
  fromPg(drivers.client),
  fromPostgres(drivers.postgres),
]

export const redis = (clients: { node: ReturnType<typeof createClient>; io: Redis }): RedisDatabase[] => [
  fromNodeRedis(clients.node),
  fromIoredis(clients.io),
]
