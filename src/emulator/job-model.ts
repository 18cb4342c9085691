/** The shapes of a job: as it is asked for, as it runs, and how what concerns it is signed. */
import type { JobResult } from '../wire/replies.ts'

/** How a request or a callback is signed: by HMAC, or with a sec_key, as smile_id_core 1.x did. */
export type Scheme = 'signature' | 'sec_key'

/** How a job ends; a provisional one is reviewed by a person first. */
export type JobVerdict = 'approved' | 'provisional' | 'rejected'

/** A job to run, as an image job would: for tests of polling and callbacks. */
export interface EmulatedJob {
  user_id: string
  job_id: string
  /** @default 1 */
  job_type?: number | undefined
  /** @default what `sandbox_result` of its `partner_params` says, else the emulator's `verdict` */
  verdict?: JobVerdict | undefined
  /**
   * Milliseconds from now to the verdict; a provisional one is reviewed after as much again. @default the
   * emulator's `jobDurationMs`
   */
  durationMs?: number | undefined
  /** How the review of a provisional job ends. @default 'approved' */
  review?: 'approved' | 'rejected' | undefined
  /** Without its zip a job stays as it is prepared (2314). @default true */
  zip?: boolean | undefined
  /** Where its results are delivered. */
  callback_url?: string | undefined
  /** How they are signed: as the request that opened the job was. @default 'signature' */
  scheme?: Scheme | undefined
  /** Further members of `partner_params`, echoed in results. */
  partner_params?: Record<string, unknown> | undefined
  /** Whether a job of type 1 asks the ID authority, whose result comes half-way. @default true */
  idLookup?: boolean | undefined
  /** Whether a document job compares with the selfie on file, and so enrols nobody. @default false */
  useEnrolledImage?: boolean | undefined
  /** What a document job says about its document. */
  document?: { Country?: string; IDType?: string } | undefined
}

/** One result of a job, and when it is known. */
export interface Stage {
  /** Milliseconds on the emulator's clock. */
  at: number
  result: JobResult
  complete: boolean
  success: boolean
}

/** A job as the service keeps it. */
export interface Job {
  partnerId: string
  job: EmulatedJob
  smileJobId: string
  /** None as long as there is no zip. */
  stages: Stage[]
}
