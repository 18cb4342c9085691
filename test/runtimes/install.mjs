/** What the tests need beside node_modules, in folders of their own, each with its lockfile. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const exec = promisify(execFile)

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
