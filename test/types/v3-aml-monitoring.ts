/**
 * Watches a customer, and reads the news about each person that was found. `unit/v3/aml-monitoring.test.ts`
 * runs it.
 */
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import {
  amlMonitoringNews,
  type NewsCategory,
  submitAmlMonitoring,
  submitOneTimeAmlSync,
} from 'smileid-edge/v3/aml'
import { createCallbackHandler, type VerifiedCallback } from 'smileid-edge/v3/callback'
import { type AmlMonitoringResult, isResultOf } from 'smileid-edge/v3/result'

declare const desk: { note(published: string, title: string, url: string): void }

const client = createClient({
  partnerId: '085',
  apiKey: 'key of the screening program',
  environment: 'production',
})

interface Customer {
  id: string
  given_names: string
  last_name: string
  email: string
  born: number
  countries: readonly [string, ...string[]]
  agreedAt: Date
}

const person = ({ given_names, last_name, email, agreedAt }: Customer) => ({
  user_details: { given_names, last_name, email },
  consent: {
    granted: true as const,
    granted_at: agreedAt,
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://bank.example/privacy',
  },
})

/**
 * At once, before the account is opened. The key comes of the customer: a crash and a second run pay once.
 */
export async function mayOpen(customer: Customer): Promise<boolean> {
  const { id, given_names, last_name, born, countries } = customer
  try {
    const { status } = await submitOneTimeAmlSync(
      client,
      {
        ...person(customer),
        full_name: `${given_names} ${last_name}`,
        birth_year: born,
        countries,
        partner_params: { customer: id },
      },
      { idempotencyKey: `aml-onboarding-${id}` },
    )
    return status === 'clear'
  } catch (error) {
    if (isSmileIdError(error, 'provider_timeout')) return false // nothing was billed: ask later
    throw error
  }
}

/** From then on: by the user's verified record, without the name. */
export const watch = (customer: Customer) =>
  submitAmlMonitoring(client, {
    ...person(customer),
    search_existing_user: true,
    user_id: customer.id,
    countries: customer.countries,
  })

async function read(job_id: string, { people = [] }: AmlMonitoringResult): Promise<void> {
  for (const { reference, news_summary = [] } of people) {
    if (!reference) continue
    for (const { news_category } of news_summary) {
      const query = { job_id, reference, news_category: news_category as NewsCategory }
      for await (const { title, published_date, url } of amlMonitoringNews(client, query)) {
        desk.note(published_date, title, url)
      }
    }
  }
}

export const POST = createCallbackHandler(client, {
  async onVerdict({ job, status, unconfirmedResult }) {
    if (status !== 'clear' && isResultOf(unconfirmedResult, 'aml_monitoring')) {
      await read(job.job_id, unconfirmedResult)
    }
  },
  async onAmlMonitoringUpdate({ job, unconfirmedResult }: VerifiedCallback) {
    if (isResultOf(unconfirmedResult, 'aml_monitoring_update')) await read(job.job_id, unconfirmedResult)
  },
})
