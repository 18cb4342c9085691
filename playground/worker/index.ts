/**
 * The playground's Worker: routes, the queue's consumer, and the look after imports that stand still and
 * after what is old.
 */
import type { Batch, Env, Life } from './bindings.ts'
import { callbackRoutes } from './callbacks.ts'
import { clientOf, isEmulated } from './client.ts'
import { emulatorRoutes } from './emulator-panel.ts'
import { enrolRoutes } from './enrol.ts'
import { FOREIGN_HOST, isKnownHost } from './hosts.ts'
import { imageJobRoutes } from './image-job.ts'
import { importRoutes } from './import-routes.ts'
import { takeBatch } from './import-queue.ts'
import { feedStalled } from './import-feed.ts'
import { jobRoutes } from './job-events.ts'
import { problemResponse } from './problem.ts'
import { prune } from './retention.ts'
import { createRouter } from './router.ts'
import { sessionRoutes } from './session-routes.ts'
import { v3DocumentRoutes } from './v3/documents.ts'
import { emulatedApiRoutes } from './v3/emulated-api.ts'
import { v3JobRoutes } from './v3/jobs.ts'
import { v3SelfieRoutes } from './v3/selfie.ts'
import { v3VerifyRoutes } from './v3/verify-id.ts'
import { verifyRoutes } from './verify.ts'
import { webTokenRoutes } from './web-token.ts'

const route = /* @__PURE__ */ createRouter([
  ...sessionRoutes,
  ...enrolRoutes,
  ...verifyRoutes,
  ...imageJobRoutes,
  ...jobRoutes,
  ...callbackRoutes,
  ...webTokenRoutes,
  ...importRoutes,
  ...emulatorRoutes,
  ...v3VerifyRoutes,
  ...v3DocumentRoutes,
  ...v3SelfieRoutes,
  ...v3JobRoutes,
  ...emulatedApiRoutes,
])

const SECURITY_POLICY =
  "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; base-uri 'none'; form-action " +
  "'self'; frame-ancestors 'none'"

const PAGE_HEADERS = {
  'permissions-policy': 'camera=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

async function page(request: Request, env: Env): Promise<Response> {
  const found = await env.ASSETS.fetch(request)
  const response = new Response(found.body, found)
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value)
  response.headers.set('content-security-policy', `${SECURITY_POLICY}; connect-src ${reachable(env)}`)
  return response
}

/** Where the page may send something: here and, with a token of v3, to the API. */
function reachable(env: Env): string {
  if (isEmulated(env)) return "'self'"
  try {
    return `'self' ${clientOf(env).baseUrl}`
  } catch {
    // Not configured yet, which is no reason to show no page.
    return "'self'"
  }
}

export default {
  async fetch(request: Request, env: Env, life: Life): Promise<Response> {
    if (!isKnownHost(request, env)) return problemResponse(FOREIGN_HOST)
    const answered = await route(request, env, life)
    if (answered) return answered
    if (new URL(request.url).pathname.startsWith('/api/'))
      return problemResponse({ status: 404, code: 'no_route', title: 'There is nothing at this address.' })
    return page(request, env)
  },
  queue: (batch: Batch, env: Env): Promise<void> => takeBatch(batch, env),
  /**
   * Once an hour; `start` after the local platform started, whose queue forgets. A row waits for an hour at
   * most, see the consumer.
   */
  async scheduled({ cron }: { cron: string }, env: Env): Promise<void> {
    await prune(env)
    await feedStalled(env, cron === 'start' ? 0 : 2 * 3_600_000)
  },
}
