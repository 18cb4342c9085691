/** An answer as it is sent: signed, and damaged where the faults want that. */
import type { Clock } from './clock.ts'
import { type ActiveFaults, truncated } from './faults.ts'
import type { Scheme } from './job-model.ts'
import type { Answer, JsonObject, PartnerAuth, Service } from './model.ts'
import { bareHash } from './signature.ts'

/** Whose request is answered, and how it was signed. */
export interface SignedFor {
  partnerId: string
  scheme: Scheme
}

interface ResponseSetup {
  service: Service
  clock: Clock
  sign: PartnerAuth['sign']
}

interface Reply {
  answer: Answer
  signedFor?: SignedFor | undefined
  faults: ActiveFaults
}

export async function toResponse(setup: ResponseSetup, reply: Reply): Promise<Response> {
  const { answer, faults } = reply
  const text = answer.text ?? JSON.stringify(await signedBody(setup, reply))
  const damage = faults.body?.body
  if (damage === 'truncated') return truncated(text)
  const contentType = answer.text === undefined ? { 'content-type': 'application/json' } : {}
  return new Response(damaged(text, damage), {
    status: answer.status,
    headers: { ...contentType, ...answer.headers },
  })
}

function damaged(text: string, damage: NonNullable<ActiveFaults['body']>['body'] | undefined): string {
  if (damage === 'not_json') return '<html><body>Bad gateway</body></html>'
  if (damage === 'empty') return ''
  return text
}

async function signedBody(setup: ResponseSetup, { answer, signedFor, faults }: Reply): Promise<JsonObject> {
  const { body, signing } = answer
  const damage = faults.body?.body
  if (!signedFor || signing === 'none' || damage === 'unsigned') return body
  const { partnerId, scheme } = signedFor
  const now = setup.clock.now() + (faults.clock_skew?.ms ?? 0)
  if (signing === 'bare_hash') {
    const timestamp = String(now)
    return { ...body, timestamp, signature: await bareHash(partnerId, timestamp) }
  }
  // Replies to lookups with a sec_key were seen with milliseconds, and with a member of another name.
  const isSecKeyLookup = scheme === 'sec_key' && signing === 'lookup'
  return setup.sign(body, {
    partnerId,
    timestamp: isSecKeyLookup ? now : new Date(now).toISOString(),
    scheme,
    field: isSecKeyLookup ? setup.service.choices.lookupSecKeyField : 'signature',
    apiKey: damage === 'bad_signature' ? 'another key' : undefined,
  })
}
