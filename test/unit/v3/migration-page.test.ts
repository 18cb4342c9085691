/** The page that maps v1 to v3 leaves nothing of v1 out, as the source has it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { API_REFUSALS } from '../../../src/errors/api-codes'
import { JOB_TYPE } from '../../../src/wire/jobs'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const page = read('playground/docs/v3.md')
const words = new Set(page.match(/\w+/g))
const absent = (names: readonly string[]) => names.filter((name) => !words.has(name))

/** The rows of the tables under a heading, by what their first cells name. */
function firstCells(heading: string): string {
  const [, section = ''] = page.split(`## ${heading}\n`)
  const rows = section.split(/^## /m)[0]!.match(/^\|[^|]*\|/gm) ?? []
  return rows.join('\n')
}

/** Names in quotes of a type of the source. */
function namesIn(path: string, begin: string): string[] {
  const [, rest = ''] = read(path).split(begin)
  return [...rest.split(/\n\n|\n\}/)[0]!.matchAll(/'(\w+)'/g)].map(([, name]) => name!)
}

/** Members of an interface of the source. */
function membersOf(path: string, name: string): string[] {
  const [, rest = ''] = read(path).split(`interface ${name} {`)
  return [...rest.split('\n}')[0]!.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member!)
}

describe('the page maps', () => {
  it('every product', () => {
    const cells = firstCells('Products')
    for (const type of new Set([...Object.values(JOB_TYPE), 10])) expect(cells).toContain(`| ${type}, `)
  })

  it('every call', () => {
    const calls = namesIn('src/wire/endpoints.ts', 'export type V1Operation =')
    expect(calls.length).toBeGreaterThan(20)
    const cells = firstCells('Calls')
    expect(calls.filter((call) => !cells.includes(`\`${call}\``))).toEqual([])
  })

  it('every field of an ID and of its parameters', () => {
    const fields = membersOf('src/id-verification/input.ts', 'IdInfo')
    expect(fields.length).toBeGreaterThan(12)
    expect(absent([...fields, 'consent_information', 'sandbox_result', 'job_type'])).toEqual([])
  })

  it('every code of a result', () => {
    const codes = [...read('src/result/codes.ts').matchAll(/^ {2}'(\d{4})': \{/gm)].map(([, code]) => code!)
    expect(codes.length).toBeGreaterThan(15)
    expect(absent(codes)).toEqual([])
  })

  it("every error, by the SDK's code and by Smile ID's", () => {
    const cells = firstCells('Errors')
    for (const [code, { smileCodes = [] }] of Object.entries(API_REFUSALS)) {
      expect(cells).toContain(`\`${code}\``)
      expect(absent(smileCodes)).toEqual([])
    }
  })
})

it('says plainly what v3 does not have', () => {
  const [, section = ''] = page.split('## What v3 does not have')
  const [missing = ''] = section.split('\n## ')
  for (const what of [
    'photo alone',
    'KYB',
    'Basic KYC',
    'job ids of your own',
    'results by polling',
    'sec_key',
  ]) {
    expect(missing).toContain(what)
  }
  expect(missing).toContain('These stay on v1, with the same client')
})
