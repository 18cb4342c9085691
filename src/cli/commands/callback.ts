/** `smileid callback`: checks a callback that was saved. */
import { confirmCallback, verifyCallback } from '../../callback.ts'
import { command } from '../command.ts'
import { V3_FLAG } from '../generation.ts'
import { readInput } from '../job-input.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from '../print.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'
import { formatPairs } from '../text.ts'
import { describeAge } from './callback/age.ts'
import { generationOfCallback, isBodyOfV3, readSavedCallback } from './callback/saved.ts'
import { checkCallbackOfV3 } from './v3/callback.ts'

export const callback = command({
  summary: 'Check a callback that was saved: who sent it, and with --confirm whether it is true',
  operands: ['FILE'],
  v3: { operands: ['FILE'] },
  flags: {
    confirm: { kind: 'switch', help: 'ask the service for the job, and print what it says now' },
    'max-age': {
      kind: 'duration',
      value: 'TIME',
      help: 'refuse an older signature, as a server would with 5m (default: any age)',
    },
    ...V3_FLAG,
    ...OUTPUT_FLAGS,
    ...CLIENT_FLAGS,
  },
  details: [
    'FILE holds the body as received, - is standard input. The signature does not cover what the body ' +
      'says: whoever has seen one can put it beside any other.',
    'One of v3 is signed in its headers, by which it is known: FILE holds the request as it came, headers, ' +
      'an empty line and body, or { "headers": …, "body": … }.',
  ],
  examples: [
    'callback saved.json',
    'callback saved.json --confirm --json',
    'callback - --max-age 5m < saved.json',
    'callback request.txt --confirm',
  ],
  async run({ values, positionals: [file], generation, io, signal }) {
    checkOutput(values)
    const client = await openClient(values, io)
    const saved = readSavedCallback(await readInput(file!, io, signal))
    const isOfV3 = generation === 'v3' || generationOfCallback(saved) === 'v3' || isBodyOfV3(saved)
    if (isOfV3) return checkCallbackOfV3(client, saved, { values, io, signal })
    const verified = await verifyCallback(client, saved.body, { maxAgeMs: values['max-age'] ?? Infinity })
    const { timestamp, eventId } = verified
    const signed = { signature: 'genuine', signed: `${timestamp}, ${describeAge(timestamp, io.now())}` }
    if (values.confirm) {
      const { status } = await confirmCallback(client, verified, { signal })
      if (!values.json) io.out(formatPairs(signed))
      return printReply(io, status, values, { confirmed: true })
    }
    if (values.json) {
      const facts = { signature: 'genuine', timestamp, eventId, confirmed: false }
      io.out(JSON.stringify(values.full ? verified.unconfirmedBody : facts))
    } else {
      const advice = 'not confirmed: add --confirm before believing it'
      io.out(formatPairs({ ...signed, event: eventId, body: advice }))
    }
    return 'done'
  },
})
