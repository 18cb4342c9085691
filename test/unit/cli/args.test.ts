/** How command lines are read, whatever stands on them. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSmileIdError } from 'smileid-edge/errors'
import { readArgs } from '../../../src/cli/args.ts'
import { editDistance } from '../../../src/platform/edit-distance.ts'

const FLAGS = {
  name: { kind: 'text', help: '' },
  calls: { kind: 'count', help: '' },
  rate: { kind: 'number', help: '' },
  wait: { kind: 'duration', help: '' },
  loud: { kind: 'switch', help: '' },
} as const

it('keeps every text as it is, tied on or apart', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.array(
        fc.string().filter((word) => !word.startsWith('-')),
        { minLength: 2, maxLength: 2 },
      ),
      fc.boolean(),
      (text, words, tied) => {
        fc.pre(tied || !/^-./.test(text))
        const { values, positionals } = readArgs(
          [words[0]!, ...(tied ? [`--name=${text}`] : ['--name', text]), '--loud', words[1]!],
          { flags: FLAGS, operands: ['A', 'B'] },
        )
        expect({ values, positionals }).toEqual({ values: { name: text, loud: true }, positionals: words })
      },
    ),
  )
})

it('makes a list of what can be given again, in order, and takes anything else once', () => {
  const flags = { ...FLAGS, frame: { kind: 'text', many: true, help: '' } } as const
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.string({ minLength: 1 }).filter((text) => !/^-./.test(text)),
          fc.boolean(),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      (frames) => {
        const { values } = readArgs(
          frames.flatMap(([text, tied]) => (tied ? [`--frame=${text}`] : ['--frame', text])),
          { flags, operands: [] },
        )
        expect(values).toEqual({ frame: frames.map(([text]) => text) })
      },
    ),
  )
  expect(() =>
    readArgs(['--name', 'a', '--name', 'b', '--frame', 'a', '--frame'], { flags, operands: [] }),
  ).toThrow('--name was given twice; --frame needs a value')
})

it('reads numbers and times, and refuses what is none without repeating it', () => {
  expect(
    readArgs(['--calls', '12', '--rate=0.5', '--wait', '1.5s'], { flags: FLAGS, operands: [] }).values,
  ).toEqual({
    calls: 12,
    rate: 0.5,
    wait: 1500,
  })
  fc.assert(
    fc.property(
      fc.constantFrom('calls', 'rate', 'wait'),
      fc.string({ minLength: 1 }).map((text) => `CANARY${text}`),
      (name, text) => {
        let thrown: unknown
        try {
          readArgs([`--${name}=${text}`], { flags: FLAGS, operands: [] })
        } catch (error) {
          thrown = error
        }
        if (!isSmileIdError(thrown, 'invalid_input')) throw thrown
        expect(thrown.issues.map(({ path }) => path)).toEqual([`--${name}`])
        expect(thrown.message).not.toContain('CANARY')
      },
    ),
  )
})

it('measures how far two words are apart', () => {
  expect([editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('flaw', 'lawn')]).toEqual([
    3, 3, 2,
  ])
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
    }),
  )
})
