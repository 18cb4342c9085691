/** Objects of other realms, getters that change their answer, and buffers that are used again. */
import vm from 'node:vm'
import {
  backfillUser,
  createWebToken,
  generateSignature,
  isSmileIdError,
  readPhoto,
  screenAml,
  signedRequest,
  verifyCallback,
  verifyId,
} from 'smileid-edge'
import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { describe, expect, it } from 'vitest'
import { start, startRecording } from '../../support/emulated'

const ids = { user_id: 'u', job_id: 'j' }

/** The same value, made in another realm. */
function foreign(code: string, values: Record<string, unknown> = {}): any {
  return vm.runInNewContext(code, values)
}

async function issuesOf(call: Promise<unknown>): Promise<string[]> {
  try {
    await call
    return []
  } catch (error) {
    if (!isSmileIdError(error, 'invalid_input')) throw error
    return error.issues.map(({ path, code, message }) => `${path} ${code}: ${message}`)
  }
}

describe('objects of another realm', () => {
  const bytes = Array.from(samplePhoto())
  const whole = samplePhoto().length

  it('are photos', async () => {
    const sources = [
      'Uint8Array.from(bytes)',
      'Uint8Array.from(bytes).buffer',
      'new DataView(Uint8Array.from(bytes).buffer)',
      '({ size: bytes.length, arrayBuffer: async () => Uint8Array.from(bytes).buffer })',
      '(async function* () { yield Uint8Array.from(bytes) })()',
      '() => Promise.resolve(Uint8Array.from(bytes))',
    ]
    const read = await Promise.all(sources.map((code) => readPhoto(foreign(code, { bytes }))))
    expect(read.map((photo) => photo.bytes.length)).toEqual(sources.map(() => whole))
    const { ok, again } = {
      ok: foreign('Uint8Array.from(bytes)', { bytes }),
      again: await readPhoto(samplePhoto()),
    }
    const photoOfAnotherRealm = { ...again, bytes: ok }
    expect((await readPhoto(photoOfAnotherRealm)).bytes.length).toBe(whole)
  })

  it('are dates, inputs, lists and options', async () => {
    const { client, sent } = startRecording()
    const input = foreign("({ user_id: 'u', user_created_at: new Date(Date.UTC(2021, 4, 18)), photo })", {
      photo: samplePhoto(),
    })
    await backfillUser(client, input, foreign('({ timeoutMs: 5000 })'))
    const [enrolment] = sent
    expect(JSON.parse(new TextDecoder().decode(enrolment!.bytes))).toMatchObject({
      user_created_at: '2021-05-18 00:00:00+0000',
    })
    await screenAml(client, foreign("({ user_id: 'u', job_id: 'j', full_name: 'Leo', countries: ['NG'] })"))
    const { timestamp } = await generateSignature(
      { partnerId: '085', apiKey: 'key' },
      { timestamp: foreign('new Date(0)') },
    )
    expect(timestamp).toBe('1970-01-01T00:00:00.000Z')
  })

  it('are bodies of callbacks', async () => {
    const { client, emulator } = start()
    const body = await (await emulator.callbackRequest('https://app.example/')).arrayBuffer()
    const copy = foreign('Uint8Array.from(list).buffer', { list: Array.from(new Uint8Array(body)) })
    expect((await verifyCallback(client, copy)).job).toEqual({ user_id: 'user', job_id: 'job' })
  })

  it('are signals, when they are made like one', async () => {
    const { client } = start()
    const reason = new Error('stop')
    const signal = foreign('({ aborted: true, reason, addEventListener() {}, removeEventListener() {} })', {
      reason,
    })
    await expect(
      createWebToken(client, { ...ids, product: 'x', callback_url: 'https://a.example' }, { signal }),
    ).rejects.toBe(reason)
    const halves = ['({ addEventListener() {} })', '({ aborted: false })', '5', '() => {}']
    for (const code of halves) {
      const call = verifyId(client, {} as never, { signal: foreign(code) })
      expect(await issuesOf(call)).toContain('options.signal wrong_type: must be an AbortSignal')
    }
  })
})

describe('what is read once', () => {
  it('is what was checked that is sent', async () => {
    const { client, sent } = startRecording()
    let reads = 0
    const job = {
      ...ids,
      get full_name() {
        reads++
        return reads === 1 ? 'Leo Doe' : { odd: true }
      },
      countries: ['NG'],
    }
    await screenAml(client, job as never)
    expect(reads).toBe(1)
    expect(JSON.parse(new TextDecoder().decode(sent[0]!.bytes))).toMatchObject({ full_name: 'Leo Doe' })
  })

  it('is the row of a run, getters of its class included', async () => {
    const { client, emulator } = start()
    let reads = 0
    class Row {
      get user_id() {
        reads++
        return `u${reads}`
      }
      user_created_at = '2021-08-12'
      photo = samplePhoto()
    }
    const row = new Row()
    for await (const outcome of backfillUsers(client, [row], { journal: createMemoryJournal() })) {
      expect(outcome.state).toBe('enrolled')
      expect(outcome.row).toBe(row)
    }
    expect(emulator.isEnrolled('u1')).toBe(true)
    expect(Array.from(emulator.users)).toHaveLength(1)
  })
})

describe('what cannot be read or written', () => {
  const { client } = start()
  const thrower = {
    get amount() {
      throw new Error('theirs')
    },
  }
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic

  it('has its path', async () => {
    const aml = (partner_params: object) =>
      issuesOf(screenAml(client, { ...ids, full_name: 'x', countries: ['NG'], partner_params }))
    const unreadable = Object.defineProperty({}, 'amount', { get: () => thrower.amount, enumerable: true })
    expect(await aml(unreadable)).toEqual(['partner_params.amount wrong_type: cannot be read'])
    expect(await aml({ amount: 5n })).toEqual(['partner_params.amount wrong_type: cannot be written as JSON'])
    expect(await aml({ cyclic })).toEqual(['partner_params.cyclic wrong_type: cannot be written as JSON'])
    const tooDeep = 'is nested more than 50 levels deep, or has too many parts'
    expect(await aml({ deep })).toEqual([`partner_params.deep wrong_type: ${tooDeep}`])
    expect(await issuesOf(signedRequest(client, '/v1/x', { deep }))).toEqual([
      `fields.deep wrong_type: ${tooDeep}`,
    ])
  })

  it('is a date of a year that four digits do not write', async () => {
    const enrol = (user_created_at: Date) =>
      issuesOf(backfillUser(client, { user_id: 'u', user_created_at, photo: samplePhoto() }))
    const expected = ['user_created_at wrong_format: must be of a year from 0 to 9999']
    expect(await enrol(new Date(253_402_300_800_000))).toEqual(expected)
    expect(await enrol(new Date(-62_167_219_200_001))).toEqual(expected)
    expect(await enrol(new Date(253_402_300_799_999))).toEqual([
      'user_created_at wrong_format: is in the future',
    ])
    const sign = generateSignature({ partnerId: '085', apiKey: 'key' }, { timestamp: 253_402_300_800_000 })
    expect(await issuesOf(sign)).toEqual(['timestamp wrong_type: must be a date'])
  })
})
