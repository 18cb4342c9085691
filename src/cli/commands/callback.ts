import { confirmCallback, verifyCallback } from '../../callback.ts'
import { parseTimestamp } from '../../signature/timestamp.ts'
import { command } from '../command.ts'
import { readInput } from '../job-input.ts'
import { lines } from '../io.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from '../print.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'

export const callback = command({
  summary: 'Check a callback that was saved: who sent it, and with --confirm whether it is true',
  operands: ['FILE'],
  flags: {
    confirm: { kind: 'switch', help: 'ask the service for the job, and print what it says now' },
    'max-age': {
      kind: 'duration',
      value: 'TIME',
      help: 'refuse an older signature, as a server would with 5m (default: any age)',
    },
    ...OUTPUT_FLAGS,
    ...CLIENT_FLAGS,
  },
  details:
    'FILE holds the body as received, - is standard input. The signature does not cover what the body says: whoever has seen one can put it beside any other.',
  examples: [
    'callback saved.json',
    'callback saved.json --confirm --json',
    'callback - --max-age 5m < saved.json',
  ],
  async run({ given, words: [file], io, stop }) {
    checkOutput(given)
    const client = await openClient(given, io)
    const verified = await verifyCallback(client, await readInput(file!, io, stop), {
      maxAgeMs: given['max-age'] ?? Infinity,
    })
    const seconds = Math.round((io.now() - parseTimestamp(verified.timestamp)) / 1000)
    const age = seconds >= 0 ? `${seconds} s ago` : `${-seconds} s ahead of this machine's clock`
    const signed = { signature: 'genuine', signed: `${verified.timestamp}, ${age}` }
    if (given.confirm) {
      const { status } = await confirmCallback(client, verified, { signal: stop })
      if (!given.json) io.out(lines(signed))
      return printReply(io, status, given, { confirmed: true })
    }
    if (given.json)
      io.out(
        JSON.stringify(
          given.full
            ? verified.unconfirmedBody
            : {
                signature: 'genuine',
                timestamp: verified.timestamp,
                eventId: verified.eventId,
                confirmed: false,
              },
        ),
      )
    else
      io.out(
        lines({
          ...signed,
          event: verified.eventId,
          body: 'not confirmed: add --confirm before believing it',
        }),
      )
    return 'done'
  },
})
