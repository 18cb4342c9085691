/**
 * A document with selfie, and the callback with its verdict, on Hono. `unit/v3/hono-document.test.ts` runs
 * it.
 */
import { Hono } from 'hono'
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { createCallbackHandler } from 'smileid-edge/v3/callback'
import { submitDocumentVerification } from 'smileid-edge/v3/document-verification'
import { isResultOf } from 'smileid-edge/v3/result'

interface Verdict {
  eventId: string
  job_id: string
  application: string | undefined
  status: string
  name: string | null | undefined
}

declare const db: {
  open(application: string, job_id: string | undefined): Promise<void>
  has(job_id: string, application: string | undefined): Promise<boolean>
  close(verdict: Verdict): Promise<void>
}

const client = createClient({
  partnerId: '085',
  apiKey: 'key of the document program',
  environment: 'sandbox',
  callbackUrl: 'https://shop.example/smile-id',
})
const app = new Hono()

app.post('/applications/:id/document', async (c) => {
  const application = c.req.param('id')
  const form = await c.req.formData()
  const file = (name: string) => form.get(name) as File
  try {
    const { job_id } = await submitDocumentVerification(
      client,
      {
        selfie_image: file('selfie'),
        liveness_images: form.getAll('frames') as File[], // six to eight
        document: file('front'),
        document_back: form.has('back') ? file('back') : undefined,
        country: 'GH',
        user_details: {
          given_names: String(form.get('given_names')),
          last_name: String(form.get('last_name')),
          email: String(form.get('email')),
        },
        consent: {
          granted: true,
          granted_at: String(form.get('agreed_at')),
          notice_language: 'EN',
          notice_privacy_policy_url: 'https://shop.example/privacy',
        },
        partner_params: { application },
      },
      { signal: c.req.raw.signal },
    )
    await db.open(application, job_id)
    return c.json({ job_id }, 202)
  } catch (error) {
    if (isSmileIdError(error, 'invalid_input')) return c.json({ issues: error.issues }, 422)
    if (isSmileIdError(error, 'too_large')) return c.json({ hint: error.hint }, 413)
    // It may have been taken on, and there is no way to ask: its callback will tell, by `partner_params`. Do
    // not send it again.
    if (isSmileIdError(error) && error.outcome === 'unknown') {
      await db.open(application, undefined)
      return c.json({ pending: true }, 202)
    }
    throw error
  }
})

const onCallback = createCallbackHandler(client, {
  // Of a job whose answer was lost, the application alone is known.
  knows: ({ job_id, partner_params }) => db.has(job_id, partner_params.application),
  async onVerdict({ eventId, job: { job_id }, status, unconfirmedResult }) {
    const application = unconfirmedResult.partner_params?.application
    // The verdict is the service's own; the name beside it is what the callback said.
    const name = isResultOf(unconfirmedResult, 'document_verification')
      ? unconfirmedResult.id_fields?.full_name
      : undefined
    await db.close({ eventId, job_id, application, status, name })
  },
  onRefused: (error) => console.warn(isSmileIdError(error) ? error.code : 'failed'),
})
app.post('/smile-id', (c) => onCallback(c.req.raw))

export default app
