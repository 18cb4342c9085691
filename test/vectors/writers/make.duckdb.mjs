/** Writes the table by DuckDB's COPY: node make.duckdb.mjs FOLDER */
import { DuckDBInstance } from '@duckdb/node-api'

process.chdir(process.argv[2])
const instance = await DuckDBInstance.create()
const db = await instance.connect()
await db.run(`SET TimeZone = 'UTC'`)
await db.run(`CREATE TABLE source AS SELECT * FROM read_json('table.json')`)
await db.run(`CREATE TABLE users AS
  SELECT line[1] AS user_id, line[2]::TIMESTAMPTZ AS user_created_at, line[3] AS photo, line[4] AS note
  FROM (SELECT unnest("rows") AS line FROM source)`)
await db.run(`CREATE TABLE pictured AS
  SELECT user_id, user_created_at, from_base64(picture) AS photo, note
  FROM users, source WHERE user_id = '007'`)

const copies = {
  'duckdb.csv': [`users`, ``],
  'duckdb.pipe.csv': [`users`, `(DELIMITER '|')`],
  'duckdb.force-quote.csv': [`users`, `(FORCE_QUOTE *)`],
  'duckdb.ndjson': [`users`, ``],
  'duckdb.array.json': [`users`, `(ARRAY true)`],
  'duckdb.picture.blob.csv': [`pictured`, ``],
  'duckdb.picture.hex.csv': [`(SELECT * REPLACE (hex(photo) AS photo) FROM pictured)`, ``],
  'duckdb.picture.base64.csv': [`(SELECT * REPLACE (base64(photo) AS photo) FROM pictured)`, ``],
  'duckdb.picture.blob.json': [`pictured`, `(ARRAY true)`],
}
for (const [file, [source, options]] of Object.entries(copies)) {
  const format = /json/.test(file) ? options.replace(/^\(?/, '(FORMAT json, ').replace(/, $/, ')') : options
  await db.run(`COPY ${source} TO '${file}' ${format}`)
}
await db.run(`SET TimeZone = 'America/New_York'`)
await db.run(`COPY users TO 'duckdb.new-york.csv'`)
