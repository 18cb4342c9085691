/** The state of the emulated service, from its beginning and after each reset. */
import type { Service } from './model.ts'
import { seeded } from './random.ts'

type ServiceSetup = Pick<
  Service,
  'choices' | 'authenticate' | 'schedule' | 'now' | 'verdict' | 'jobDurationMs'
> & { seed: number; jobsBefore: number }

export function createService({ seed, jobsBefore, ...given }: ServiceSetup): Service {
  let nextRandom = seeded(seed)
  let jobs = jobsBefore
  const service: Service = {
    ...given,
    users: new Map(),
    userChanges: new Map(),
    jobs: new Map(),
    announcedUploads: new Map(),
    receivedZips: [],
    idNumberRequests: new Map(),
    random: () => nextRandom(),
    nextSmileJobId() {
      jobs++
      return String(jobs).padStart(10, '0')
    },
    reset() {
      service.users.clear()
      service.userChanges.clear()
      service.jobs.clear()
      service.announcedUploads.clear()
      service.receivedZips.length = 0
      service.idNumberRequests.clear()
      nextRandom = seeded(seed)
      jobs = jobsBefore
    },
  }
  return service
}
