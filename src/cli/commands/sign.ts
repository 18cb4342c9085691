/** `smileid sign`: makes a timestamp and its signature. */
import { missing, throwIfAny } from '../../errors/issues.ts'
import { generateSignature } from '../../signature.ts'
import { command } from '../command.ts'
import { CLIENT_FLAGS, readCredentials } from '../settings.ts'
import { formatPairs } from '../text.ts'

export const sign = command({
  summary: 'Make a timestamp and its signature, for a request of your own',
  operands: [],
  flags: {
    timestamp: {
      kind: 'text',
      value: 'TEXT',
      help: 'sign this text, exactly as it will be sent (default: now)',
    },
    json: { kind: 'switch', help: 'print JSON, for scripts' },
    'partner-id': CLIENT_FLAGS['partner-id'],
  },
  details: ['Send both as they are printed: the signature is that of the very text.'],
  examples: ['sign', 'sign --timestamp 2024-08-06T09:15:30.123Z --json'],
  async run({ values, io }) {
    const { partnerId, apiKey } = await readCredentials(values, io)
    const absent: string[] = []
    if (partnerId === undefined) absent.push('SMILE_ID_PARTNER_ID')
    if (apiKey === undefined) absent.push('SMILE_ID_API_KEY')
    throwIfAny(absent.map((variable) => missing(variable)))
    const pair = await generateSignature(
      { partnerId: partnerId!, apiKey: apiKey! },
      { timestamp: values.timestamp ?? io.now() },
    )
    io.out(values.json ? JSON.stringify(pair) : formatPairs(pair))
    return 'done'
  },
})
