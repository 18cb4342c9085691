/** Where things are. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '../..')

/** A file or folder beside this one. */
export const besideThis = (name) => join(here, name)

/** A command of the installed tools. */
export const bin = (name) => join(root, 'node_modules/.bin', name)
