/** Files on their way to the server: checked before anything is sent, and sent for as long as it takes. */
import { call, persist } from './api.js'

const AT_ONCE = 6
const MAX_BYTES = 5_000_000

const isTable = ({ name }) => /\.(csv|tsv|txt|json|ndjson|jsonl)$/i.test(name)
const isSheet = ({ name }) => /\.(xlsx?|xlsm|xlsb|ods|numbers)$/i.test(name)
/** A text among other files may be anything. */
const isText = ({ name }) => /\.txt$/i.test(name)

/** The table and the photos among the files, and what is said about the others. */
export function sortFiles(files) {
  const isPhoto = ({ type }) => type === 'image/jpeg' || type === 'image/png'
  const known = files.filter((file) => isTable(file) || isPhoto(file))
  const others = files.filter((file) => !known.includes(file))
  const [table, ...more] = known
    .filter((file) => isTable(file) && file.size <= MAX_BYTES)
    .sort((one, other) => isText(one) - isText(other))
  const left = [
    ['Neither a table, JPEG nor PNG', others.filter((file) => !isSheet(file)).map(({ name }) => name)],
    ['A sheet, to be saved as CSV (UTF-8) first', others.filter(isSheet).map(({ name }) => name)],
    [
      'Larger than 5 MB',
      known
        .filter(({ size }) => size > MAX_BYTES)
        .map(({ name, size }) => `${name} (${Math.round(size / 1e6)} MB)`),
    ],
    ['One table at a time', more.map(({ name }) => name)],
  ]
  return {
    table,
    photos: new Map(
      known.filter((file) => !isTable(file) && file.size <= MAX_BYTES).map((file) => [file.name, file]),
    ),
    leftOut: left
      .filter(([, names]) => names.length)
      .map(
        ([why, names]) =>
          `${why}: ` +
          `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}.`,
      ),
  }
}

/** The import that is made of the table; its id is made here, so that no second one comes of a second try. */
export function sendTable(table, onLost) {
  const id = crypto.randomUUID()
  return persist(() => call(`/api/imports/${id}`, { method: 'PUT', body: table }), onLost)
}

/**
 * Each photo that the import lacks; `tell(done, all, lost)` as it goes. Rejects with the first refusal, once
 * the others are sent.
 */
export async function sendPhotos({ id, missing_photos }, photos, tell) {
  const names = missing_photos.names.filter((name) => photos.has(name))
  const all = names.length
  let done = 0
  const work = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      await persist(
        () =>
          call(`/api/imports/${id}/photos/${encodeURIComponent(name)}`, {
            method: 'PUT',
            body: photos.get(name),
          }),
        () => tell(done, all, true),
      )
      tell(++done, all, false)
    }
  }
  const failed = (await Promise.allSettled(Array.from({ length: AT_ONCE }, work))).find(
    ({ status }) => status === 'rejected',
  )
  if (failed) throw failed.reason
}
