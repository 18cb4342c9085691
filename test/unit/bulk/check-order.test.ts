/** `checkRows` reads some photos ahead, and tells of rows one after the other all the same. */
import { describe, expect, it } from 'vitest'
import { checkRows } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'

const noPhoto = () => new Uint8Array([1])

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

function row(id: string, photo: () => Uint8Array | Promise<Uint8Array>) {
  return { user_id: id, user_created_at: '2021-08-12', photo }
}

describe('the order of checked rows', () => {
  it('is that of the rows, though a later photo is read before an earlier one', async () => {
    const { open, opened } = gate()
    const ended: string[] = []
    const rows = [
      row('slow', async () => {
        await opened
        ended.push('slow')
        return noPhoto()
      }),
      row('quick', () => {
        ended.push('quick')
        open()
        return noPhoto()
      }),
    ]
    const found: string[] = []
    for await (const { row, index } of checkRows(rows, { photos: true }))
      found.push(`${index} ${row.user_id}`)
    expect(ended).toEqual(['quick', 'slow'])
    expect(found).toEqual(['0 slow', '1 quick'])
  })

  it('says of the later row that it repeats a photo, though its photo was read first', async () => {
    const { open, opened } = gate()
    const rows = [
      row('first', async () => {
        await opened
        return samplePhoto()
      }),
      row('second', () => {
        open()
        return samplePhoto()
      }),
    ]
    for (const options of [{ photos: true }, { duplicatePhotos: true }]) {
      const found: string[] = []
      for await (const { row } of checkRows(rows, options)) found.push(row.user_id)
      expect(found).toEqual(['second'])
    }
  })

  it('never has more than four photos under way', async () => {
    let under = 0
    let most = 0
    const rows = Array.from({ length: 40 }, (_, i) =>
      row(`user-${i}`, async () => {
        most = Math.max(most, ++under)
        await new Promise((resolve) => setTimeout(resolve, (i * 7) % 5))
        under--
        return noPhoto()
      }),
    )
    let problems = 0
    for await (const _ of checkRows(rows, { photos: true })) problems++
    expect(problems).toBe(40)
    expect(most).toBe(4)
  })

  it('tells of all rows before an error of the source, which it passes on', async () => {
    const broken = new Error('the cursor was closed')
    async function* rows() {
      yield row('one', noPhoto)
      yield row('two', noPhoto)
      throw broken
    }
    const found: number[] = []
    const all = async () => {
      for await (const { index } of checkRows(rows(), { photos: true })) found.push(index)
    }
    await expect(all()).rejects.toBe(broken)
    expect(found).toEqual([0, 1])
  })

  it('closes the source on break, also while later photos fail', async () => {
    let closed = false
    function* rows() {
      try {
        for (let i = 0; ; i++) {
          yield row(`user-${i}`, () => Promise.reject(new Error('no such photo')))
        }
      } finally {
        closed = true
      }
    }
    for await (const { index } of checkRows(rows(), { photos: true })) if (index === 5) break
    expect(closed).toBe(true)
  })

  it('tells of a row before it asks for the next one, where no photo is read', async () => {
    let asked = 0
    function* rows() {
      for (;;) {
        asked++
        yield { user_id: 'same', user_created_at: 'no date', photo: noPhoto() }
      }
    }
    for await (const { index } of checkRows(rows())) {
      expect(asked).toBe(index + 1)
      if (index === 3) break
    }
  })
})
