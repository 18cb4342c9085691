/** `POST /v1/aml`: finds whoever is called as the person of the samples. */
import { membersOf } from '../input/objects.ts'
import { refuseMissing } from './answers.ts'
import { keepResult, readLookupJob } from './lookup-job.ts'
import type { Answer, Call, Service } from './model.ts'

const JOB_TYPE = 10

export function aml(service: Service, call: Call): Answer {
  const { partnerId, body } = call
  const partnerParams = {
    ...membersOf(body.partner_params),
    user_id: body.user_id,
    job_id: body.job_id,
    job_type: body.job_type ?? JOB_TYPE,
  }
  const read = readLookupJob(service, partnerId, { partnerParams, jobType: JOB_TYPE })
  if (!read.ok) return read.refusal
  const missing = refuseMissing(body, ['full_name', 'countries'], '2413')
  if (missing) return missing
  const isListed = /\bdoe\b/i.test(String(body.full_name))
  return keepResult(service, call, {
    job: read.job,
    result: {
      Actions: { Listed: isListed ? 'Listed' : 'Not Listed' },
      ResultCode: isListed ? '1030' : service.choices.amlClearCode,
      ResultText: isListed ? 'Found on list' : 'Not found on list',
      StrictMatch: body.strict_match ?? true,
      no_of_persons_found: isListed ? 1 : 0,
      people: isListed ? [LISTED_PERSON] : [],
    },
  })
}

const LISTED_PERSON = {
  name: 'Leo Joe Doe',
  aliases: ['Joe Leo Doe'],
  dates_of_birth: ['2000-09-20'],
  nationalities: ['Nigeria'],
  addresses: [],
  adverse_media: [],
  associations: [],
  pep: { pep_level: 0, political_positions: [], sources: [] },
  sanctions: [
    {
      date_of_birth: '2000-09-20',
      nationality: 'Nigeria',
      source_details: {
        listed_date: '2020-01-01',
        source_link: ['https://lists.example/1'],
        source_name: 'Example list',
        source_type: 'Sanctions',
      },
    },
  ],
}
