/** Signals of rows are used again: what rows leave on them must not pile up. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backfillUsers, createMemoryJournal } from '../../../src/bulk.ts'
import { createClient } from '../../../src/client.ts'
import { createEmulator, samplePhoto } from '../../../src/emulator.ts'

const warnings: string[] = []
const onWarning = ({ name }: Error) => void warnings.push(name)
beforeAll(() => void process.on('warning', onWarning))
afterAll(() => void process.off('warning', onWarning))

it.each([
  ['without a signal of the caller', undefined],
  ['with one', new AbortController().signal],
])('a photo that leaves a listener on its signal draws no warning from Node, %s', async (_, signal) => {
  const photo = samplePhoto()
  const heard: AbortSignal[] = []
  const rows = Array.from({ length: 100 }, (_, i) => ({
    user_id: `u${i}`,
    user_created_at: '2021-08-12',
    photo: (own: AbortSignal) => {
      heard.push(own)
      own.addEventListener('abort', () => {})
      return photo
    },
  }))
  const run = backfillUsers(createClient(createEmulator().clientOptions), rows, {
    journal: createMemoryJournal(),
    signal,
  })
  for await (const { state } of run) expect(state).toBe('enrolled')
  // Warnings come in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(heard).toHaveLength(100)
  expect(warnings).toEqual([])
})
