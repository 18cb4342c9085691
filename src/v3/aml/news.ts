/** What the news write about a person who was found. */
import { checkRequestOptions } from '../../client/input.ts'
import type { RequestOptions } from '../../client/internals.ts'
import { asText, isObject, membersOf } from '../../input/objects.ts'
import { must, oneOf } from '../../input/rules.ts'
import { check, type Entries, objectOf, once, optional } from '../../input/schema.ts'
import { isArray } from '../../platform/realms.ts'
import { begin } from '../http/begin.ts'
import { callV3 } from '../http/call.ts'
import type { V3Reply } from '../http/exchange.ts'
import { pathText } from '../input/path-text.ts'
import type { V3Client } from '../wire/clients.ts'
import { AML_NEWS } from '../wire/operations.ts'
import type { NewsCategory } from '../wire/results.ts'

/** Whose news, and of which kind. */
export interface NewsQuery {
  /** Of the monitoring. */
  job_id: string
  /** Of a person in the monitoring's result. */
  reference: string
  news_category: NewsCategory
}

export interface NewsItem {
  body: string
  /** A date, or a time. */
  published_date: string
  publisher: string
  publisher_country_code: string
  title: string
  /** May come without a scheme. */
  url: string
  [field: string]: unknown
}

export interface NewsPage {
  job_id: string
  product: 'aml_monitoring_news'
  user_id: string
  meta: { current_page: number; limit: number; total_count: number }
  news: NewsItem[]
  [field: string]: unknown
}

/** One page of {@link getAmlMonitoringNews}. */
export interface NewsPageQuery extends NewsQuery {
  /** 1 to 100. @default 1 */
  page?: number | undefined
  /** Items on a page, 1 to 100. @default 25 */
  limit?: number | undefined
}

/** All pages, of {@link amlMonitoringNews}. */
export interface AllNewsQuery extends NewsQuery {
  /** Items on a page, 1 to 100: fewer are asked for more often, and fewer can be read. @default 100 */
  limit?: number | undefined
}

const MOST = 100

function queryEntries(): Entries<AllNewsQuery> {
  return {
    job_id: pathText(),
    reference: pathText(),
    news_category: oneOf<NewsCategory>(
      'arms_trafficking',
      'credit_update',
      'environmental_crime',
      'financial_crime',
      'human_rights_violation',
      'leadership_change',
      'legal_risk',
      'location_change',
      'narcotics',
      'other',
      'other_crime',
      'ownership_change',
      'product_change',
      'regulatory',
      'sexual_crime',
      'technology_event',
      'terrorism',
      'violent_crime',
    ),
    limit: optional(upToMost()),
  }
}

function upToMost() {
  const isRight = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST
  return must<number>(isRight, `must be a whole number from 1 to ${MOST}`)
}

const pageQuery = /* @__PURE__ */ once(() =>
  objectOf<NewsPageQuery>({ ...queryEntries(), page: optional(upToMost()) }),
)

const allQuery = /* @__PURE__ */ once(() => objectOf<AllNewsQuery>(queryEntries()))

/**
 * Reads one page of the news about a person whom a monitoring found.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `news_not_found` (no such job or reference, or the token is bound to another
 * user), `forbidden`, `unauthorized`, `invalid_request`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { getAmlMonitoringNews } from 'smileid-edge/v3/aml'
 *
 * export async function count(client: Client, job_id: string, reference: string): Promise<number> {
 *   const query = { job_id, reference, news_category: 'financial_crime', limit: 1 } as const
 *   return (await getAmlMonitoringNews(client, query)).meta.total_count
 * }
 * ```
 */
export async function getAmlMonitoringNews(
  client: V3Client,
  query: NewsPageQuery,
  options: RequestOptions = {},
): Promise<NewsPage> {
  const call = begin(client, () => check(pageQuery(), membersOf(query)), checkRequestOptions(options))
  const { job_id, reference, ...others } = call.input
  const reply = await callV3(
    call.caller,
    {
      endpoint: AML_NEWS,
      params: { job_id, reference },
      query: others,
      isValid: (received) => isPage(received, others.page),
    },
    call.options,
  )
  return reply.members as unknown as NewsPage
}

/** And the page that was asked for: one page again and again would pass for all of them. */
function isPage({ members: { news, meta } }: V3Reply, asked = 1): boolean {
  const { total_count: total, current_page = asked } = membersOf(meta)
  if (asText(current_page) !== `${asked}`) return false
  return isArray(news) && news.every(isObject) && Number.isInteger(total) && Number(total) >= 0
}

/** How the reading of all news ended. */
export interface NewsEnd {
  /** As many as the service counted, at the last page. */
  total_count: number
  /**
   * As many items came as were counted: `false` when there are more than the 100 pages that the API shows, or
   * when a page was empty before the end.
   */
  complete: boolean
}

/**
 * Reads all news about a person, page by page as they are wanted. News that appear meanwhile can move an item
 * to the next page: then it comes once more.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} as {@link getAmlMonitoringNews}, at the page that failed.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { amlMonitoringNews, type NewsQuery } from 'smileid-edge/v3/aml'
 *
 * export async function titles(client: Client, query: NewsQuery): Promise<string[]> {
 *   const found: string[] = []
 *   for await (const { title } of amlMonitoringNews(client, query)) found.push(title)
 *   return found
 * }
 * ```
 */
export async function* amlMonitoringNews(
  client: V3Client,
  query: AllNewsQuery,
  options: RequestOptions = {},
): AsyncGenerator<NewsItem, NewsEnd, undefined> {
  const call = begin(client, () => check(allQuery(), membersOf(query)), checkRequestOptions(options))
  const { limit = MOST, ...whose } = call.input
  let seen = 0
  let total_count = 0
  for (let page = 1; page <= MOST; page++) {
    const { news, meta } = await getAmlMonitoringNews(client, { ...whose, limit, page }, call.options)
    yield* news
    seen += news.length
    total_count = meta.total_count
    if (news.length === 0 || seen >= total_count) break
  }
  return { total_count, complete: seen >= total_count }
}
