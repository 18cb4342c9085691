/** Properties end in time, and not before they have said something. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkProperty } from '../../support/property'

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

it('makes all runs where there is time for them', async () => {
  let runs = 0
  const property = fc.property(fc.nat(), () => void runs++)
  expect(await checkProperty(property, { numRuns: 300 })).toEqual({ complete: true })
  expect(runs).toBe(300)
})

it('ends when the time is over, and not while a run is under way', async () => {
  let runs = 0
  let underWay = 0
  const property = fc.asyncProperty(fc.nat(), async () => {
    underWay++
    // One after the other until the time is over, however slow the machine is.
    await sleep(++runs < 10 ? 0 : 1500)
    underWay--
  })
  expect(await checkProperty(property, { numRuns: 1e6, timeLimitMs: 1000 })).toEqual({ complete: false })
  expect(underWay).toBe(0)
})

it('fails with what it found, and with its cause', async () => {
  const cause = new Error('too large')
  const property = fc.property(fc.nat(), (value) => {
    if (value > 5) throw cause
  })
  await expect(checkProperty(property)).rejects.toMatchObject({
    message: expect.stringMatching(/Counterexample: \[6\]/),
    cause,
  })
})

it('fails when the time was over before it could say anything', async () => {
  const property = fc.asyncProperty(fc.nat(), () => sleep(40))
  await expect(checkProperty(property, { timeLimitMs: 20 })).rejects.toThrow('only 0 runs were made')
})
