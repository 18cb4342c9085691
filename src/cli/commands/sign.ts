import { generateSignature } from '../../signature.ts'
import { missing, throwIfAny } from '../../errors/issues.ts'
import { command } from '../command.ts'
import { lines } from '../io.ts'
import { CLIENT_FLAGS, readSettings } from '../settings.ts'

const { 'partner-id': partnerFlag } = CLIENT_FLAGS

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
    'partner-id': partnerFlag,
  },
  details: 'Send both as they are printed: the signature is that of the very text.',
  examples: ['sign', 'sign --timestamp 2024-08-06T09:15:30.123Z --json'],
  async run({ given, io }) {
    const { SMILE_ID_PARTNER_ID: partnerId, SMILE_ID_API_KEY: apiKey } = await readSettings(given, io)
    throwIfAny(
      Object.entries({ SMILE_ID_PARTNER_ID: partnerId, SMILE_ID_API_KEY: apiKey }).flatMap(([path, value]) =>
        value === undefined ? [missing(path)] : [],
      ),
    )
    const pair = await generateSignature(
      { partnerId: partnerId!, apiKey: apiKey! },
      { timestamp: given.timestamp ?? io.now() },
    )
    io.out(given.json ? JSON.stringify(pair) : lines(pair))
    return 'done'
  },
})
