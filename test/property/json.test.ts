/**
 * Replies whose texts hold all that JSON itself is made of: what is nested is counted, what is quoted is not.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseObject } from '../../src/input/json.ts'
import { checkProperty } from '../support/property.ts'

const text = fc
  .array(fc.constantFrom('"', '\\', '\\"', '[', '{', ']', '}', ',', ':', '/', 'a', '\n', 'é', '😀'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''))
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value
const spaces = fc.constantFrom(undefined, 1, '\t')

/** How deep brackets lie in each other. */
const depthOf = (part: unknown): number =>
  typeof part === 'object' && part ? 1 + Math.max(0, ...Object.values(part).map(depthOf)) : 0

describe('what is read of a reply', () => {
  it('is what was written, however its texts are quoted', async () => {
    await checkProperty(
      fc.property(fc.dictionary(text, value), spaces, (members, space) => {
        expect(parseObject(JSON.stringify(members, null, space))).toEqual(JSON.parse(JSON.stringify(members)))
      }),
      { numRuns: 2000 },
    )
  })

  it('is nothing once it is nested more than 64 times', async () => {
    await checkProperty(
      fc.property(value, text, fc.integer({ min: 55, max: 70 }), spaces, (inner, quoted, around, space) => {
        let members: unknown = inner
        for (let i = 0; i < around; i++)
          members = i % 2 ? [quoted, members] : { [quoted]: quoted, next: members, last: quoted }
        const reply = { members }
        expect(parseObject(JSON.stringify(reply, null, space)) !== undefined).toBe(depthOf(reply) <= 64)
      }),
      { numRuns: 2000 },
    )
  })

  it('is nothing where a text has no end', async () => {
    await checkProperty(
      fc.property(value, text, (inner, quoted) => {
        expect(
          parseObject(`{"a":${JSON.stringify(inner)},"b":${JSON.stringify(quoted).slice(0, -1)}\\"}`),
        ).toBeUndefined()
      }),
    )
  })
})
