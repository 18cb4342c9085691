/**
 * A program against the types of smile-identity-core compiles against compat's, once the codemod has been
 * over it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rewrite } from '../../src/cli/commands/migrate/codemod.ts'
import { loadOldSdk } from './old-sdk'

const root = new URL('../..', import.meta.url).pathname
const dir = `${root}.cache/compat-types`

const PROGRAM = String.raw`
import { IDApi, IMAGE_TYPE, JOB_TYPE, Signature, Utilities, WebApi } from 'smile-identity-core'

interface Applicant {
  country: string
  id_type: string
  id_number: string
  first_name?: string
  entered: boolean
}
interface Options {
  return_job_status: boolean
  return_images: boolean
  return_history: boolean
  optional_callback?: string
}
interface Details { user_id: string; job_id: string; job_type: number; [key: string]: unknown }

const connection = new WebApi(process.env.PARTNER!, null, process.env.KEY!, Number(process.env.SERVER))
const second: WebApi = new WebApi('1', undefined, 'k', '0')

export async function kyc(
  applicant: Applicant,
  options: Options,
  params: Details,
  path?: string,
): Promise<object> {
  let type = IMAGE_TYPE.SELFIE_IMAGE_BASE64
  if (path) type = IMAGE_TYPE.SELFIE_IMAGE_FILE
  const images: Array<{ image_type_id: number; image: string }> = [{ image_type_id: type, image: path ?? '' }]
  images.push({ image_type_id: IMAGE_TYPE.ID_CARD_IMAGE_BASE64, image: '' })
  const result: object = await connection.submit_job(params, images, applicant, options)
  const job = { user_id: 1, job_id: '2', job_type: JOB_TYPE.BIOMETRIC_KYC }
  const submitted = (await second.submit_job(job, images, {})) as { success: boolean; smile_job_id: string }
  const { success, smile_job_id } = submitted
  return { result, success, smile_job_id }
}

export const typed = (job = JOB_TYPE.BIOMETRIC_KYC): number => job
typed(JOB_TYPE.DOCUMENT_VERIFICATION)
export const names: Record<string, number> = JOB_TYPE
export const table: { [type: number]: string } = { [IMAGE_TYPE.LIVENESS_IMAGE_FILE]: 'live' }

export class Verifier {
  private readonly api: IDApi
  constructor(key: string, private readonly utilities = new Utilities('1', key, 0)) {
    this.api = new IDApi('1', key, 1)
  }
  async look(params: Details, applicant: Applicant) {
    const one = await this.api.submit_job<{ ResultCode: string }>(params, applicant)
    const url = 'https://app.example/cb'
    const two = await this.api.submitAsyncjob<{ success: boolean }>(params, applicant, url)
    const three: { job_complete: boolean } = await this.api.pollJobStatus(params, 3, 1000, true, false)
    const four = await this.utilities.get_job_status(params.user_id, 5, { return_history: true })
    const five = await connection.get_job_status(params, { return_images: true })
    const session = { user_id: 'u', job_id: 'j', product: 'authentication', callback_url: url }
    const { token } = await connection.get_web_token(session)
    const codes = [four.result.ResultCode as string, five.code as string]
    return [one.ResultCode, two.success, three.job_complete, ...codes, token]
  }
}

export async function sign(key: string) {
  const pair = new Signature('1', key).generate_signature(Date.now())
  const ok: boolean = new Signature('1', key).confirm_signature(pair.timestamp, pair.signature)
  return { ok, text: new Signature('1', key).generate_signature().signature.length, ...pair }
}

export const params: Parameters<WebApi['submit_job']> = [
  { user_id: 'u', job_id: 'j', job_type: 1 },
  [],
  { country: 'NG' },
  { return_job_status: true },
]
export const ask: Parameters<Utilities['get_job_status']> = ['u', 'j', { return_history: true }]
export type Status = Awaited<ReturnType<IDApi['pollJobStatus']>>
export type Api = InstanceType<typeof WebApi>
`

it('types of old programs fit', () => {
  loadOldSdk()
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const { text, left } = rewrite(PROGRAM, { isModule: true })!
  expect([left, text.match(/\bawait new Signature/g)?.length]).toEqual([[], 3])
  writeFileSync(`${dir}/before.ts`, PROGRAM)
  writeFileSync(`${dir}/after.ts`, text)
  writeFileSync(
    `${dir}/tsconfig.json`,
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'Bundler',
        lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
        types: ['node'],
        typeRoots: ['../../node_modules/@types'],
        paths: {
          'smile-identity-core': ['../../bench/node_modules/smile-identity-core/dist/index.d.ts'],
          'smileid-edge/compat': ['../../src/compat.ts'],
        },
      },
      files: ['before.ts', 'after.ts'],
    }),
  )
  let errors = ''
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript-7/bin/tsc`, '-p', dir], {
      encoding: 'utf8',
    })
  } catch (error) {
    errors = (error as { stdout: string }).stdout
  }
  expect(errors).toBe('')
})
