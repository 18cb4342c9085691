/** ID numbers: what can be looked up, which fields that takes, and the lookup itself. */
import { verifyId } from 'smileid-edge/id-verification'
import { interpretResult, known } from 'smileid-edge/result'
import {
  describeIdType,
  getServices,
  listCountries,
  listIdTypes,
  requiredFields,
} from 'smileid-edge/services'
import { readJson } from './body.ts'
import { isEmulated } from './client.ts'
import type { Route, SignedIn } from './router.ts'

const PRODUCT = 'enhanced_kyc'
/** Among the needed fields, too, but chosen above the others, or made here. */
const ELSEWHERE = ['country', 'id_type', 'user_id', 'job_id']

/** The form, as data: the page makes its fields of it. Test numbers are named outside of production only. */
async function idTypes({ env, client }: SignedIn): Promise<Response> {
  const services = await getServices(client)
  const forTests = isEmulated(env) || env.SMILE_ID_ENVIRONMENT === 'sandbox'
  const countries = listCountries(services, PRODUCT).map((country) => ({
    country,
    id_types: listIdTypes(services, country, PRODUCT).map((id_type) => {
      const { label, test_data } = describeIdType(services, country, id_type, PRODUCT)!
      return {
        id_type,
        label,
        fields: requiredFields(services, country, id_type).filter((name) => !ELSEWHERE.includes(name)),
        ...(forTests && test_data && { test_data }),
      }
    }),
  }))
  return Response.json({ countries, banks: services.bank_codes.map(({ name, code }) => ({ name, code })) })
}

/** The ids are the server's: a page that chose them could ask in anybody's name. */
async function verify({ request, client, session }: SignedIn): Promise<Response> {
  const { country, id_type, ...fields } = await readJson(request)
  const id_info = { country, id_type, ...fields } as Parameters<typeof verifyId>[1]['id_info']
  const reply = await verifyId(
    client,
    { partner_params: { user_id: `page-${session.id}`, job_id: `verify-${crypto.randomUUID()}` }, id_info },
    { services: await getServices(client) },
  )
  const person = { name: known(reply.FullName), born: known(reply.DOB), gender: known(reply.Gender) }
  return Response.json({ ...interpretResult(reply), actions: reply.Actions ?? {}, person })
}

export const verifyRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/id-types', for: 'session', answer: idTypes },
  { method: 'POST', path: '/api/verify-id', for: 'session', answer: verify },
]
