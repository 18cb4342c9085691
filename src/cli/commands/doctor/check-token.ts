/** Whether a token of v3 is what it is taken for, as far as it says so itself. */
import type { TokenClaims } from '../../../v3/token.ts'
import { ORIGINS } from '../../../wire/endpoints.ts'
import type { Settings } from '../../settings.ts'
import { formatDuration } from '../../text.ts'
import type { Finding } from './finding.ts'

/** Nothing of the token is quoted but names. */
export async function checkToken(token: string, settings: Settings, now: number): Promise<Finding[]> {
  const { readToken } = await import('../../../v3/token.ts')
  if (token === settings.SMILE_ID_API_KEY) return [wrong('is the API key: a browser must not get it')]
  const claims = readToken(token)
  if (!claims) return [wrong('is no JWT: give what createToken returned, whole and without quotes')]
  if (claims.partner_id === undefined) return [wrong('names no partner: it is none of v3')]
  const findings = [
    checkExpiry(claims, now),
    checkPartner(claims, settings),
    checkEnvironment(claims, settings),
  ].filter((finding) => finding !== undefined)
  return findings.length > 0 ? findings : [{ check: 'token', state: 'ok', message: describe(claims, now) }]
}

function wrong(message: string): Finding {
  return { check: 'token', state: 'wrong', message }
}

function describe({ product, provides, expiresAt }: TokenClaims, now: number): string {
  const facts = [product === undefined ? 'is for every product' : `is for ${product}`]
  facts.push(provides.length === 0 ? 'bound to nobody' : `bound to ${provides.join(', ')}`)
  if (expiresAt !== undefined) facts.push(`expires in ${formatDuration(expiresAt - now)}`)
  return facts.join(', ')
}

function checkExpiry({ expiresAt, nbf }: TokenClaims, now: number): Finding | undefined {
  if (expiresAt !== undefined && expiresAt <= now) {
    const age = formatDuration(now - expiresAt)
    return wrong(`expired ${age} ago: make one for each person when it is needed; it lives for minutes`)
  }
  const begin = typeof nbf === 'number' ? nbf * 1000 : now
  if (begin <= now + CLOCK_TOLERANCE_MS) return undefined
  return wrong(`begins in ${formatDuration(begin - now)}: a clock is wrong`)
}

const CLOCK_TOLERANCE_MS = 60_000

function checkPartner({ partner_id }: TokenClaims, settings: Settings): Finding | undefined {
  const configured = (settings.SMILE_ID_PARTNER_ID ?? '').replace(/^0+/, '')
  if (configured === '' || `${partner_id}`.replace(/^0+/, '') === configured) return undefined
  return wrong(`is of another partner than ${configured}, that of SMILE_ID_PARTNER_ID`)
}

/** Of one environment, the other takes none. */
function checkEnvironment({ api_url }: TokenClaims, settings: Settings): Finding | undefined {
  const { SMILE_ID_BASE_URL: baseUrl, SMILE_ID_ENVIRONMENT: environment } = settings
  const origin = originOf(api_url)
  const expected = originOf(baseUrl ?? ORIGINS[environment as keyof typeof ORIGINS])
  if (origin === undefined || expected === undefined || origin === expected) return undefined
  const names = Object.keys(ORIGINS) as (keyof typeof ORIGINS)[]
  const name = names.find((one) => ORIGINS[one] === origin) ?? 'another service'
  // An emulator has several names.
  if (name === 'another service' && !names.some((one) => ORIGINS[one] === expected)) return undefined
  return wrong(`is of ${name}, and ${new URL(expected).host} is asked, which refuses it`)
}

function originOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : undefined
}
