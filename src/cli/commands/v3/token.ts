/** `smileid token --v3`: makes a token for a browser or an app, bound to a person. */
import { SmileIdInputError } from '../../../errors/classes.ts'
import { issue } from '../../../errors/issues.ts'
import { parseObject } from '../../../input/json.ts'
import type { TokenInput } from '../../../v3/token.ts'
import type { Call } from '../../command.ts'
import type { Exit } from '../../exit.ts'
import type { FlagOf } from '../../flags.ts'
import type { Io } from '../../io.ts'
import { readInput } from '../../job-input.ts'
import { type CALLBACK_FLAG, type CLIENT_FLAGS, openClient } from '../../settings.ts'
import { formatDuration, printable } from '../../text.ts'

type TokenFlags = typeof CLIENT_FLAGS &
  typeof CALLBACK_FLAG & { json: FlagOf<'switch'>; bind: FlagOf<'text'> }

/** The token alone goes to standard output; what it is bound to, by names, beside it. */
export async function makeTokenOfV3(call: Call<TokenFlags>): Promise<Exit> {
  const { values, positionals, io, signal } = call
  const client = await openClient(values, io)
  const bound = values.bind === undefined ? {} : await readBound(values.bind, io, signal)
  const input = withOperands(bound, { positionals, callbackUrl: values['callback-url'] })
  const { createToken, readToken } = await import('../../../v3/token.ts')
  const { token, expiresAt } = await createToken(client, input, { signal })
  const provides = readToken(token)?.provides ?? []
  if (values.json) {
    io.out(JSON.stringify({ token, expiresAt, product: input.product, provides }))
    return 'done'
  }
  const facts = [
    input.product === undefined ? 'for every product' : `for ${input.product}`,
    provides.length === 0 ? 'bound to nobody' : `bound to ${provides.join(', ')}`,
  ]
  if (expiresAt !== undefined) facts.push(`expires in ${formatDuration(expiresAt - io.now())}`)
  io.err(printable(`smileid: ${facts.join(', ')}`))
  io.out(printable(token))
  return 'done'
}

/** What is in it is checked by the function that sends it. */
async function readBound(file: string, io: Io, signal: AbortSignal): Promise<TokenInput> {
  const parsed = parseObject(await readInput(file, io, signal))
  if (parsed) return parsed
  const message = 'must be a JSON object: { "payload": …, "partner_params": … }'
  throw new SmileIdInputError([issue('FILE', 'wrong_format', message)])
}

/** Taken for the id of a user, the name of a product would make a token for every product. */
const LIKE_A_PRODUCT = /^[a-z_]*(aml|kyc|verification|authentication|registration|compare)$/

interface Operands {
  positionals: readonly string[]
  callbackUrl: string | undefined
}

/** They win over the file. */
function withOperands(bound: TokenInput, { positionals, callbackUrl }: Operands): TokenInput {
  const isProductAlone = positionals.length === 1 && LIKE_A_PRODUCT.test(positionals[0]!)
  const [user_id, product] = isProductAlone ? [undefined, ...positionals] : positionals
  const input: TokenInput = { ...bound }
  if (user_id !== undefined) input.user_id = user_id
  // Which products there are, the function that sends it says.
  if (product !== undefined) input.product = product as NonNullable<TokenInput['product']>
  if (callbackUrl !== undefined) input.payload = { ...bound.payload, callback_url: callbackUrl }
  return input
}
