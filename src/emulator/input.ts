/** What an emulator and its photos are told, and what can be wrong with it. */
import { throwIfAny } from '../errors/issues.ts'
import { anything, callable, either, jsonObject, must, numberFrom, oneOf, text } from '../input/rules.ts'
import { check, json, listOf, objectOf, once, optional, recordOf, type Schema } from '../input/schema.ts'
import type { Photo } from '../photo.ts'
import { hasFourDigitYear, isArray, timeOf } from '../platform/realms.ts'
import type { EmulatorChoices } from './choices.ts'
import type { FaultRule } from './faults.ts'
import type { JobVerdict } from './job-model.ts'
import type { EmulatorPartner } from './partners.ts'
import type { V3Choices } from './v3/choices.ts'

export interface EmulatorOptions {
  /** The partners it knows, one at least. @default one, `085` */
  partners?: readonly EmulatorPartner[] | undefined
  /** Decides everything that looks random. @default 1 */
  seed?: number | undefined
  /** `'real'` behind a server; `'virtual'` never waits. @default 'virtual' */
  clock?: 'virtual' | 'real' | undefined
  /** Where the virtual clock starts. @default 2026-01-01 */
  startAt?: Date | undefined
  /** What it does where the real behaviour is unknown. @default those of `EmulatorChoices` */
  choices?: EmulatorChoices | undefined
  /** The same for v3. @default those of `V3Choices` */
  v3?: V3Choices | undefined
  /** How it misbehaves, from the beginning and after each reset. @default not at all */
  faults?: readonly FaultRule[] | undefined
  /** How jobs end that do not say so themselves. @default 'approved' */
  verdict?: JobVerdict | undefined
  /** Milliseconds that jobs take that do not say so themselves. @default 10_000 */
  jobDurationMs?: number | undefined
  /** How many jobs an emulator before this one had: SmileJobIDs go on from there. @default 0 */
  jobsBefore?: number | undefined
  /**
   * Takes the callbacks of jobs, and is asked again until it answers 2xx. @default they wait in `callbacks`
   */
  onCallback?: ((request: Request) => Promise<Response>) | undefined
}

export interface SamplePhotoOptions {
  /** @default 1 */
  seed?: number | undefined
  /** @default 'image/jpeg' */
  type?: Photo['type'] | undefined
}

const partner = /* @__PURE__ */ once(() =>
  objectOf<EmulatorPartner>({
    partnerId: text(),
    apiKey: either((keys) => (isArray(keys) ? listOf(text(), 'must be a list of keys') : text())),
    privateKey: optional(text()),
    callbackUrl: optional(text()),
  }),
)

const emulatorOptions = /* @__PURE__ */ once(() =>
  objectOf<EmulatorOptions>({
    partners: optional(allPartners()),
    seed: optional(seedOf()),
    clock: optional(oneOf('virtual', 'real')),
    startAt: optional(must<Date>(isMoment, 'must be a Date of a year from 0 to 9999')),
    choices: optional(jsonObject<EmulatorChoices>()),
    v3: optional(jsonObject<V3Choices>()),
    faults: optional(listOf(recordOf<FaultRule>(json(), { fault: jsonObject() }), 'must be a list of rules')),
    verdict: optional(oneOf('approved', 'provisional', 'rejected')),
    jobDurationMs: optional(numberFrom(0)),
    jobsBefore: optional(numberFrom(0)),
    onCallback: optional(callable()),
  }),
)

function allPartners(): Schema<readonly EmulatorPartner[]> {
  const message = 'must be a list of at least one partner'
  const list: Schema<any> = listOf(partner(), message)
  return either((given) => (isArray(given) && given.length === 0 ? must(() => false, message) : list))
}

function seedOf(): Schema<number> {
  return must<number>(Number.isFinite, 'must be a number')
}

function isMoment(date: unknown): boolean {
  const ms = timeOf(date)
  return ms !== undefined && hasFourDigitYear(ms)
}

const photoOptions = /* @__PURE__ */ once(() =>
  objectOf<SamplePhotoOptions>({ seed: optional(seedOf()), type: optional(anything()) }),
)

/** @throws {SmileIdInputError} `invalid_input`: every problem of the options. */
export function checkEmulatorOptions(options: unknown): EmulatorOptions {
  const { issues, value } = check(emulatorOptions(), options ?? {}, 'options')
  throwIfAny(issues)
  return value
}

/** @throws {SmileIdInputError} `invalid_input`: every problem of the options. */
export function checkPhotoOptions(options: unknown): SamplePhotoOptions {
  const { issues, value } = check(photoOptions(), options ?? {}, 'options')
  throwIfAny(issues)
  return value
}
