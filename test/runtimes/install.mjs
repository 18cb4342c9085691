/** What the tests need beside node_modules, in folders of their own, each with its lockfile. */
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** A folder beside this file. */
export const folderOf = (name) => join(dirname(fileURLToPath(import.meta.url)), name)

/** Installs what the lockfile of the folder names; why it could not, if it could not. */
export async function install(folder) {
  const args = ['ci', '--prefix', folder, '--ignore-scripts', '--prefer-offline', '--silent']
  try {
    await exec('npm', args, { timeout: 300_000 })
    return undefined
  } catch (error) {
    return error.stderr || error.message
  }
}
