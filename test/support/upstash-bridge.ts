/** The REST API of Upstash, as far as the SDK needs it, in front of a real Redis. */
import type { Redis } from 'ioredis'
import { bodyOf, serve } from './server.ts'

/** Commands come as `POST /` with a list as JSON; errors go as 400 with `error`, as Upstash has it. */
export async function serveUpstash(redis: Redis, token: string) {
  return serve(async (request, response) => {
    const answer = (status: number, reply: object) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
    if (request.headers.authorization !== `Bearer ${token}`) {
      answer(401, { error: 'WRONGPASS invalid or missing auth token' })
      return
    }
    const [name, ...parts] = JSON.parse((await bodyOf(request)).toString()) as [string, ...string[]]
    try {
      answer(200, { result: await redis.call(name, ...parts) })
    } catch (error) {
      answer(400, { error: (error as Error).message })
    }
  })
}
