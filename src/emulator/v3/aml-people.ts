/** People whom screenings find, and what the news write about them. */
import type { JsonObject } from '../model.ts'
import type { Outcome } from './identities.ts'

interface NewsCount {
  news_category: string
  news_category_label: string
  number_of_articles: number
}

/** More than a page of 100, so that pages can be tried. */
const NEWS: readonly NewsCount[] = [
  { news_category: 'financial_crime', news_category_label: 'Financial Crime', number_of_articles: 3 },
  { news_category: 'regulatory', news_category_label: 'Regulatory', number_of_articles: 130 },
]

/** Who is found, called as whoever was asked for; `reference` names the member that refers to the news. */
export function peopleFound(
  { reason }: Outcome,
  { name, reference }: { name: string; reference?: string | undefined },
): JsonObject[] {
  if (reason !== 'aml_match_found' && reason !== 'news_media_match') return []
  const isListed = reason === 'aml_match_found'
  const person: JsonObject = {
    name,
    addresses: [],
    aliases: [],
    associations: [],
    dates_of_birth: [],
    enforcement_actions: [],
    nationalities: [],
    sanctions: isListed ? [{ list: 'Example sanctions list' }] : [],
    pep: {
      pep_level: isListed ? 1 : null,
      political_positions: isListed ? ['Member of Parliament'] : [],
      sources: [],
    },
  }
  if (!isListed) person.news_summary = NEWS
  if (reference !== undefined) person[reference] = referenceOf(name)
  return [person]
}

/** A reference of letters and digits, the same for the same name. */
function referenceOf(name: string): string {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.codePointAt(0)!) % 0x1_0000_0000, 7)
  return `ref${sum.toString(36)}`
}

/** How many articles of this category there are about a person. */
export function articleCount(person: JsonObject, category: string): number {
  const summary = (person.news_summary ?? []) as readonly NewsCount[]
  return summary.find(({ news_category }) => news_category === category)?.number_of_articles ?? 0
}

/** The articles of a page, the newest first. */
export function articles(
  category: string,
  { from, to, name }: { from: number; to: number; name: string },
): JsonObject[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => article(category, from + index, name))
}

function article(category: string, index: number, name: string): JsonObject {
  const day = new Date(Date.UTC(2025, 11, 31) - index * 86_400_000).toISOString()
  return {
    body: `Sample text ${index + 1} about ${name}.`,
    // The service was seen to give a date alone as well as a date with time.
    published_date: index % 2 === 0 ? day.slice(0, 10) : day,
    publisher: 'Example News',
    publisher_country_code: 'NG',
    title: `Sample title ${index + 1} (${category})`,
    // Some come without their scheme.
    url: `${index % 2 === 0 ? 'https://' : 'www.'}news.example/${category}/${index + 1}`,
  }
}
