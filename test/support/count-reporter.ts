/** Writes down which projects ran and how many tests of each passed, for test/run.mjs. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const projects: Record<string, { passed: number; failed: number }> = {}
    /** Tests that passed, by folder and file. */
    const folders: Record<string, Record<string, number>> = {}
    for (const module of modules) {
      const counts = (projects[module.project.name.replace(/ \(.*/, '')] ??= { passed: 0, failed: 0 })
      // A skipped test is a failed one: nothing is left out in silence. So is a file that could not be
      // loaded.
      for (const test of module.children.allTests())
        counts[test.result().state === 'passed' ? 'passed' : 'failed']++
      if (module.errors().length) counts.failed++
      const [, folder = '', file = ''] = /(test\/\w+)\/([^/]+)$/.exec(module.moduleId) ?? []
      ;(folders[folder] ??= {})[file] = [...module.children.allTests('passed')].length
    }
    writeFileSync(process.env.COUNTS_FILE!, JSON.stringify({ projects, folders, errors: errors.length }))
  }
}
