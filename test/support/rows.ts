/** Rows of a bulk run, each with a photo that can be enrolled. Web APIs alone. */
import type { BackfillInput } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'

export type Row = BackfillInput & { note?: string }

export const row = (user_id: string, more: Partial<Row> = {}): Row => ({
  user_id,
  user_created_at: '2021-08-12',
  photo: () => samplePhoto(),
  ...more,
})

/** `u0`, `u1` and so on, or with another name before the number; a photo of its own each. */
export const rows = (count: number, name = 'u'): Row[] =>
  Array.from({ length: count }, (_, i) => row(`${name}${i}`, { photo: () => samplePhoto({ seed: i }) }))
