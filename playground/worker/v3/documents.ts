/** Document verification of v3: a selfie with its frames, and a document; and which documents there are. */
import { submitDocumentVerification } from 'smileid-edge/v3/document-verification'
import { getSupportedDocuments } from 'smileid-edge/v3/services'
import { readForm } from '../body.ts'
import { callbackUrl } from '../client.ts'
import type { Route, SignedIn } from '../router.ts'
import { noteJob, submitNoted } from './jobs.ts'
import { consent, userDetails } from './person.ts'

/** The service takes 4.5 MB in all; what is over that by little, the SDK refuses with its reasons. */
const MAX_BYTES = 5_000_000

async function documents({ client }: SignedIn): Promise<Response> {
  const { valid_documents } = await getSupportedDocuments(client)
  return Response.json({ valid_documents })
}

async function submit(context: SignedIn): Promise<Response> {
  const { request, env, client } = context
  const form = await readForm(request, MAX_BYTES)
  const input = {
    country: form.given('country') as string,
    id_type: form.given('id_type'),
    user_details: userDetails(form.given),
    consent: consent(env, form.given),
    callback_url: callbackUrl(env, request),
    selfie_image: form.file('selfie') as Blob,
    liveness_images: form.files('frame'),
    document: form.file('front') as Blob,
    document_back: form.file('back'),
  }
  const job = await noteJob(context, 'document_verification')
  const { reference, events, partner_params } = job
  const user_id = `doc-${reference}`
  const { job_id } = await submitNoted(env, job, () =>
    submitDocumentVerification(client, { ...input, user_id, partner_params }),
  )
  return Response.json({ reference, job_id, events }, { status: 202 })
}

export const v3DocumentRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/documents', for: 'session', answer: documents },
  { method: 'POST', path: '/api/v3/documents', for: 'session', answer: submit },
]
