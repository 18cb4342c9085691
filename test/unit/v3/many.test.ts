/** What takes many requests. */
import { expect, it } from 'vitest'
import { amlMonitoringNews } from 'smileid-edge/v3/aml'
import { getIdStatus } from 'smileid-edge/v3/services'
import { startV3Service } from '../../support/v3-service'

it.each([
  { total: 10_001, complete: false },
  { total: 10_000, complete: true },
])(
  'of $total news, the hundred pages that the API shows: complete is $complete',
  async ({ total, complete }) => {
    const news = Array.from({ length: 100 }, () => ({ title: 't' }))
    const page = { job_id: 'm', news, meta: { total_count: total } }
    const { client, callsOf } = startV3Service({ answer: () => Response.json(page) })
    const pages = amlMonitoringNews(client, { job_id: 'm', reference: 'r', news_category: 'other' })
    let items = 0
    let next = await pages.next()
    for (; !next.done; next = await pages.next()) items++
    expect(next.value).toEqual({ total_count: total, complete })
    expect(items).toBe(10_000)
    const asked = callsOf().map(({ url }) => Number(url.searchParams.get('page')))
    expect(asked).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  },
)

it('of replies to many queries, the oldest are forgotten', async () => {
  const online = { last_check_status: 'success', last_known_status: 'online' }
  const { client, callsOf } = startV3Service({ answer: () => Response.json(online) })
  const ask = (index: number) => getIdStatus(client, { country: 'NG', id_type: `T${index}` })
  for (let index = 0; index <= 200; index++) await ask(index)
  await ask(200)
  await ask(1)
  expect(callsOf()).toHaveLength(201)
  await ask(0)
  expect(callsOf()).toHaveLength(202)
})
