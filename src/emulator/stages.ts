/** What happens to a job that runs, and when. */
import { own } from '../input/objects.ts'
import type { EmulatedJob, Job, JobVerdict, Stage } from './job-model.ts'
import type { Service } from './model.ts'
import { machineResult, type ResultFields, reviewerResult } from './results.ts'

const SANDBOX_RESULTS: Readonly<Record<string, JobVerdict>> = {
  0: 'approved',
  1: 'rejected',
  2: 'provisional',
}

/**
 * Half-way the ID's verdict, for jobs that have one; then the machine's; for a provisional one the
 * reviewer's.
 */
export function stagesOf(
  service: Service,
  job: Job,
  options: { atOnce?: boolean | undefined } = {},
): Stage[] {
  const { job_type = 1, idLookup = true, durationMs = service.jobDurationMs } = job.job
  const verdict = verdictOf(service, job.job)
  const start = service.now()
  const decidedAt = options.atOnce ? start : start + durationMs

  const stages: Stage[] = []
  if (job_type === 1 && idLookup) stages.push(idStage(job, start + durationMs / 2))
  stages.push(machineStage(service, job, { at: decidedAt, verdict }))
  if (verdict === 'provisional') stages.push(reviewStage(service, job, decidedAt + durationMs))
  return stages
}

/** The only stage of a job that fails before anything is looked at. */
export function failedStage(service: Service, job: Job, failure: ResultFields): Stage {
  return {
    at: service.now(),
    complete: true,
    success: false,
    result: {
      ...commonFields(job),
      ResultType: 'SAIA',
      IsMachineResult: 'true',
      IsFinalResult: 'true',
      ...failure,
    },
  }
}

function verdictOf(service: Service, job: EmulatedJob): JobVerdict {
  const sandboxResult = String(job.partner_params?.sandbox_result)
  return job.verdict ?? own(SANDBOX_RESULTS, sandboxResult) ?? service.verdict
}

function idStage(job: Job, at: number): Stage {
  return {
    at,
    complete: false,
    success: false,
    result: {
      ...commonFields(job),
      ResultType: 'ID Verification',
      ResultCode: '1012',
      ResultText: 'ID Number Validated',
      IsFinalResult: 'true',
      Actions: { Verify_ID_Number: 'Verified', Return_Personal_Info: 'Returned' },
    },
  }
}

function machineStage(
  service: Service,
  job: Job,
  { at, verdict }: { at: number; verdict: JobVerdict },
): Stage {
  const complete = verdict !== 'provisional'
  return {
    at,
    complete,
    success: verdict === 'approved',
    result: {
      ...commonFields(job),
      ResultType: 'SAIA',
      IsMachineResult: 'true',
      IsFinalResult: String(complete),
      ...machineResult(service, job.job, verdict),
    },
  }
}

function reviewStage(service: Service, job: Job, at: number): Stage {
  const verdict = job.job.review === 'rejected' ? 'rejected' : 'approved'
  return {
    at,
    complete: true,
    success: verdict === 'approved',
    result: {
      ...commonFields(job),
      ResultType: 'DIVA',
      IsMachineResult: 'false',
      IsFinalResult: 'true',
      ...reviewerResult(service, job.job, verdict),
    },
  }
}

function commonFields({ job, smileJobId }: Job) {
  const { user_id, job_id, job_type = 1, partner_params } = job
  return {
    JSONVersion: '1.0.0',
    SmileJobID: smileJobId,
    PartnerParams: { job_type, ...partner_params, user_id, job_id },
    Source: 'WebAPI',
  }
}
