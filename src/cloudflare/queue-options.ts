/** What a consumer can be made of. */
import { has, rowRules, whole } from '../bulk/options.ts'
import { coreOf } from '../client/internals.ts'
import { missing, throwIfAny } from '../errors/issues.ts'
import { CALLABLE, memberIssues, type Rule } from '../input/rules.ts'
import type { BackfillConsumer } from './queue-consumer.ts'

function rules(): Record<string, Rule> {
  const { signal: _, ...row } = rowRules()
  return {
    ...row, client: [isClient, 'must come from createClient'], photos: [has('get'), 'must be an R2 binding'], run: [has('read', 'set'), 'must be a switch'], queue: [has('sendBatch'), 'must be a producer of a queue'], concurrency: whole(1),
    onOutcome: CALLABLE, onCancelled: CALLABLE, onStop: CALLABLE,
  }
}

export function checkConsumer(consumer: BackfillConsumer): BackfillConsumer {
  const given = Object(consumer) as Partial<BackfillConsumer>
  const absent = (['client', 'photos', 'journal'] as const).filter((name) => given[name] === undefined)
  throwIfAny([...absent.map((name) => missing(`setup.${name}`)), ...memberIssues(given, rules(), 'setup.')])
  return consumer
}

function isClient(client: unknown): boolean {
  try {
    return !!coreOf(client)
  } catch {
    return false
  }
}
