/** `smileid verify-id --v3`: looks an ID up, with the result in the reply, or later. */
import { issue, throwIfAny } from '../../../errors/issues.ts'
import type { Client } from '../../../client.ts'
import type { EnhancedKyc, SupportedIdTypes } from '../../../v3/enhanced-kyc.ts'
import type { Call } from '../../command.ts'
import type { Exit } from '../../exit.ts'
import type { FlagOf } from '../../flags.ts'
import { checkOutput, type OUTPUT_FLAGS } from '../../print.ts'
import { printAccepted, printFailureWithJob, printVerdict } from '../../print-v3.ts'
import { type CALLBACK_FLAG, type CLIENT_FLAGS, openBillingClient, type YES_FLAG } from '../../settings.ts'
import { readKyc, withKycFlagNames } from './verify-id-input.ts'

type LookUpFlags = typeof OUTPUT_FLAGS &
  typeof CLIENT_FLAGS &
  typeof CALLBACK_FLAG &
  typeof YES_FLAG & { later: FlagOf<'switch'>; check: FlagOf<'switch'> }

export async function lookUpByV3(call: Call<LookUpFlags>): Promise<Exit> {
  const { values, positionals, io, signal } = call
  checkOutput(values)
  const client = await openBillingClient(values, io)
  const read = await readKyc({ file: positionals[0], values, io, signal })
  if (!values.later) refuseCallbackUrl(read, values)
  // What is in it is checked by the function that sends it.
  const input = read as unknown as EnhancedKyc
  const { submitEnhancedKyc, submitEnhancedKycSync } = await import('../../../v3/enhanced-kyc.ts')
  const options = { signal, idTypes: values.check ? await idTypesFor(client, read, signal) : undefined }
  try {
    if (values.later) {
      printAccepted(io, await withKycFlagNames(submitEnhancedKyc(client, input, options)), values)
      return 'done'
    }
    const result = await withKycFlagNames(submitEnhancedKycSync(client, input, options))
    const { job_id, user_id } = result
    return await printVerdict(io, result, { values, more: { job_id, user_id } })
  } catch (error) {
    return printFailureWithJob(io, error, values)
  }
}

/** Of the country alone, where it is one; else the call says what is wrong with it. */
async function idTypesFor(
  client: Client,
  { country }: Record<string, unknown>,
  signal: AbortSignal,
): Promise<SupportedIdTypes> {
  const { getSupportedIdTypes } = await import('../../../v3/services.ts')
  const isCode = typeof country === 'string' && /^[A-Z]{2}$/.test(country)
  return getSupportedIdTypes(client, isCode ? { country } : {}, { signal })
}

/** @throws {SmileIdInputError} `invalid_input`: it would change nothing. */
function refuseCallbackUrl(input: Record<string, unknown>, values: Call<LookUpFlags>['values']): void {
  const given = { '--callback-url': values['callback-url'], callback_url: input.callback_url }
  const stray = Object.entries(given).filter(([, url]) => url !== undefined)
  const message = 'goes with --later: without it, the result is in the reply'
  throwIfAny(stray.map(([path]) => issue(path, 'not_allowed', message)))
}
