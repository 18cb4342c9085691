/** Each promise of the documents is shown by a test, or is none. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PAGES, root } from '../support/docs.ts'
import { NO_PROMISES, PROMISES } from '../support/promises.ts'

/** The table of errors is made from the source, and the list of differences is held by `compat/`. */
const HELD_ELSEWHERE = ['playground/docs/errors.md', 'playground/migration.md', 'CHANGELOG.md']
const PAGES_WITH_PROMISES = PAGES.filter((page) => !HELD_ELSEWHERE.includes(page))
const WORDS = /\b(?:never|always|nobody|nothing|cannot|twice|at most|at any point|without an account)\b/i

const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const onOneLine = (text: string) => text.replace(/\s+/g, ' ')

/** Sentences, table rows and items of lists; code is run by tests of its own. */
function sentencesOf(page: string): string[] {
  const prose = read(page).replace(/^```[^]*?^```/gm, '\n')
  return prose
    .split(/\n\s*\n|\n(?=[-|#*]|\d+\.)/)
    .flatMap((block) => onOneLine(block).split(/(?<=[.:;!?])\s/))
    .map((sentence) => sentence.trim())
    .filter(Boolean)
}

const promisesOf = (page: string) => Object.keys(PROMISES[page] ?? {})

describe('each promise', () => {
  for (const [page, promises] of Object.entries(PROMISES)) {
    for (const [promise, proofs] of Object.entries(promises)) {
      it(`of ${page} stands there and is shown by a test: ${promise}`, () => {
        expect(onOneLine(read(page))).toContain(promise)
        expect(proofs).not.toEqual([])
        for (const [file, test] of proofs) expect(read(`test/${file}`), file).toContain(test)
      })
    }
  }
})

describe('no document', () => {
  for (const page of PAGES_WITH_PROMISES) {
    it(`promises what no test shows: ${page}`, () => {
      const known = [...promisesOf(page), ...NO_PROMISES]
      const missing = sentencesOf(page)
        .filter((sentence) => WORDS.test(sentence))
        .filter((sentence) => !known.some((one) => one.includes(sentence) || sentence.includes(one)))
      expect(missing).toEqual([])
    })
  }

  it('claims more of its protections than the list has', () => {
    const rows = read('SECURITY.md')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| what |'))
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows)
      expect(
        promisesOf('SECURITY.md').some((promise) => row.includes(promise)),
        row,
      ).toBe(true)
  })
})

it('lists no sentence that is gone', () => {
  const all = onOneLine(PAGES_WITH_PROMISES.map(read).join('\n'))
  expect(NO_PROMISES.filter((sentence) => !all.includes(sentence))).toEqual([])
})
