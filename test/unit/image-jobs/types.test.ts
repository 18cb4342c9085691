/** What the compiler says of a job that lacks something. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'

const root = new URL('../../..', import.meta.url).pathname
const dir = `${root}.cache/job-types`
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** The last line of the first error: what the compiler ends with is what people read. */
function lastWordOn(job: string): string {
  mkdirSync(dir, { recursive: true })
  const file = `${dir}/job.ts`
  const head = `import type { ImageJob } from '../../src/image-jobs.ts'`
  writeFileSync(file, `${head}\nexport const job: ImageJob<6> = ${job}\n`)
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  })
  const [first] = program.getSemanticDiagnostics(program.getSourceFile(file))
  return first ? ts.flattenDiagnosticMessageText(first.messageText, '\n').split('\n').at(-1)!.trim() : ''
}

const PARAMS = `partner_params: { user_id: 'u', job_id: 'j', job_type: 6 }, id_info: { country: 'GH' }`

it('a document job without a selfie is told of the selfie', () => {
  expect(lastWordOn(`{ ${PARAMS}, images: { front: 'x' } }`)).toMatch(/^Property 'selfie' is missing/)
})

it('one with the selfie on file, and one with both images, are jobs', () => {
  expect(lastWordOn(`{ ${PARAMS}, use_enrolled_image: true, images: { front: 'x' } }`)).toBe('')
  expect(lastWordOn(`{ ${PARAMS}, images: { selfie: 'x', front: 'x' } }`)).toBe('')
})
