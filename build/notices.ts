/** The licence of every package whose code the build inlines, for dist/THIRD-PARTY-NOTICES.txt. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Options } from 'tsup'

export interface Notices {
  /** Takes down what is inlined in each build that has this plugin. */
  plugin: NonNullable<Options['esbuildPlugins']>[number]
  /** Writes the licences of all that was inlined so far; throws where a package has no licence file. */
  write(dir: string): void
}

const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i
const RULE = `\n\n${'-'.repeat(80)}\n\n`
const HEAD = 'The files in this folder contain code of the packages below, each under its own licence.'

export function createNotices(): Notices {
  const folders = new Set<string>()
  return {
    plugin: {
      name: 'notices',
      setup(build) {
        build.initialOptions.metafile = true
        build.onEnd(({ metafile }) => {
          for (const { inputs } of Object.values(metafile?.outputs ?? {})) {
            for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
              const folder = packageFolder(file)
              if (folder && bytesInOutput > 0) folders.add(folder)
            }
          }
        })
      },
    },
    write(dir) {
      const texts = [HEAD, ...[...folders].map(notice).sort()]
      writeFileSync(join(dir, 'THIRD-PARTY-NOTICES.txt'), `${texts.join(RULE)}\n`)
    },
  }
}

/** Of the package that a file belongs to; none where the file is our own. */
function packageFolder(file: string): string | undefined {
  const parts = resolve(file).split(/[\\/]/)
  const at = parts.lastIndexOf('node_modules')
  if (at === -1) return undefined
  const isScoped = parts[at + 1]!.startsWith('@')
  return parts.slice(0, at + (isScoped ? 3 : 2)).join('/')
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => LICENCE_FILE.test(entry))
  if (!file) throw new Error(`${name} is inlined in dist/, and has no licence file to go with it`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`
}
