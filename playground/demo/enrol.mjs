// Enrols the users of a CSV with their photos, over real HTTP, against the emulator on a loopback port.
// Nothing leaves this machine.
//   npm run demo
//   npm run demo -- --csv FILE --photos DIR [--json]
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, styleText } from 'node:util'
import { backfillUser, createClient, interpretResult, isSmileIdError } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'
import { createEmulatorServer, csvRows, ndjsonRows, photoFile, xlsxRows } from 'smileid-edge/node'

const { values } = parseArgs({
  options: {
    csv: { type: 'string' },
    photos: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run demo -- [--csv FILE --photos DIR] [--json]\n\nFILE (.csv, .tsv, .xlsx, .ndjson or .json) has ' +
      'the columns user_id, user_created_at and photo (a file name in DIR, a folder or .zip); a column ' +
      'expect may say how each row should end.',
  )
  process.exit(0)
}
if (!values.csv !== !values.photos) {
  console.error('--csv and --photos go together: --csv FILE --photos DIR')
  process.exit(1)
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const own = values.csv === undefined
const [csv, photos] = own ? [here('users.csv'), here('photos')] : [values.csv, values.photos]

// The one file that is too large to ship.
const scratch = await mkdtemp(join(tmpdir(), 'smileid-demo-'))
const source = ({ photo, columns }) =>
  own && columns.photo === 'oversize.jpg' ? photoFile(columns.photo, { root: scratch }) : photo

const emulator = createEmulator({ clock: 'real' })
const server = await createEmulatorServer(emulator)
const { partnerId, apiKey } = emulator.clientOptions
const client = createClient({ partnerId, apiKey, environment: 'sandbox', baseUrl: server.url })

/**
 * `enrolled`, `already enrolled` and `rejected` are the service's words; what is `refused` never left; all
 * else `failed`.
 */
async function enrol(row) {
  const { user_id, user_created_at } = row
  if (row.error) return ['refused', row.error.message]
  try {
    const reply = await backfillUser(client, { user_id, user_created_at, photo: source(row) })
    const { decision, code, text } = interpretResult(reply)
    return decision === 'approved' ? ['enrolled', `job ${reply.SmileJobID}`] : ['rejected', `${code} ${text}`]
  } catch (error) {
    if (isSmileIdError(error, 'user_exists')) return ['already enrolled', `code ${error.smileCode}`]
    if (isSmileIdError(error, 'invalid_input')) return ['refused', error.message]
    if (isSmileIdError(error)) return ['failed', `${error.message}: ${error.hint}`]
    throw error
  }
}

/** By the name of the file, as the command takes it. */
function rowsOf(path) {
  const options = { photoRoot: photos }
  if (/\.xls[xm]$/i.test(path)) return xlsxRows(path, options)
  return /\.(ndjson|jsonl|json)$/i.test(path) ? ndjsonRows(path, options) : csvRows(path, options)
}

/** Names of columns may differ in case. */
function photoCell(columns) {
  const found = Object.keys(columns).find((name) => name.trim().toLowerCase() === 'photo')
  return found === undefined ? '' : columns[found]
}

/** A cell may hold the picture itself. */
const shortened = (photo) => (photo.length > 40 ? `${photo.slice(0, 40)}…` : photo)

const colours = {
  enrolled: 'green',
  'already enrolled': 'cyan',
  rejected: 'yellow',
  refused: 'magenta',
  failed: 'red',
}
const paint = (colour, text) => (process.stdout.isTTY ? styleText(colour, text) : text)
const counts = { enrolled: 0, 'already enrolled': 0, rejected: 0, refused: 0, failed: 0 }
let surprises = 0
process.stdout.on('error', () => process.exit()) // whoever read the output, such as head, has gone
try {
  if (own) await writeFile(join(scratch, 'oversize.jpg'), new Uint8Array(5_000_001))
  if (!values.json)
    console.log(
      `Emulator of the Smile ID API at ${server.url}, enrolling the users of ` +
        `${own ? 'the demo' : csv}\n\n${'user_id'.padEnd(16)} ${'photo'.padEnd(26)} ` +
        `${'outcome'.padEnd(17)} why`,
    )
  for await (const row of rowsOf(csv)) {
    const [outcome, why] = await enrol(row)
    const { columns } = row
    const { expect } = columns
    const [user_id, photo] = [String(row.user_id ?? ''), shortened(photoCell(columns))]
    counts[outcome]++
    const surprise = expect ? expect !== outcome : outcome === 'failed'
    surprises += surprise
    if (values.json)
      console.log(
        JSON.stringify({
          user_id,
          photo,
          outcome,
          why,
          ...(expect && { expected: expect }),
        }),
      )
    else
      console.log(
        `${user_id.padEnd(16)} ${photo.padEnd(26)} ` +
          `${paint(colours[outcome], outcome.padEnd(17))} ` +
          `${why}${surprise && expect ? paint('red', `  (expected: ${expect})`) : ''}`,
      )
  }
  if (!values.json) {
    console.log(
      `\nenrolled ${counts.enrolled}, already enrolled ${counts['already enrolled']}, rejected ` +
        `${counts.rejected}, refused before sending ` +
        `${counts.refused}${counts.failed ? `, failed ${counts.failed}` : ''}`,
    )
    console.log(
      `The emulator holds ${[...emulator.users].length} users after ${emulator.calls.length} calls.`,
    )
  }
} catch (error) {
  console.error(`cannot go on: ${error.message}`)
  surprises++
} finally {
  await server.close()
  await rm(scratch, { recursive: true, force: true })
}
process.exitCode = surprises ? 1 : 0
