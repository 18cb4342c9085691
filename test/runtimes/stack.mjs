/** What a user sees of the SDK in a stack trace under --enable-source-maps. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const PRINT = 'try { createClient({}) } catch (error) { console.log(error.stack) }'
const WAYS = {
  ESM: ['--input-type=module', '-e', `import { createClient } from 'smileid-edge'\n${PRINT}`],
  CommonJS: ['--input-type=commonjs', '-e', `const { createClient } = require('smileid-edge')\n${PRINT}`],
}

/** The frame of createClient names a file of the tarball, and the line in it that throws. */
export async function stackTraces(dir) {
  const failed = []
  for (const [name, args] of Object.entries(WAYS)) {
    const { stdout } = await exec(process.execPath, ['--enable-source-maps', ...args], { cwd: dir })
    const [, file, line] =
      /createClient \((?:file:\/\/)?(\S+?smileid-edge\/src\/client\.ts):(\d+):\d+\)/.exec(stdout) ?? []
    const text = file && (await readFile(join(file), 'utf8')).split('\n')[line - 1]
    if (!text?.includes('throw new SmileIdInputError(')) failed.push(`${name}: ${text ?? stdout}`)
  }
  return { passed: Object.keys(WAYS).length - failed.length, failed }
}
