/** sec_key against node:crypto, which makes and opens RSA blocks by its own code. */
import {
  constants,
  createHash,
  generateKeyPairSync,
  privateDecrypt,
  privateEncrypt,
  publicEncrypt,
} from 'node:crypto'
import fc from 'fast-check'
import { confirmSecKey, generateSecKey } from 'smileid-edge/legacy'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../support/property.ts'

const pairs = [1024, 1032, 2048, 3072].flatMap((modulusLength) =>
  [3, 65_537].map((publicExponent) => generateKeyPairSync('rsa', { modulusLength, publicExponent })),
)
const pair = fc.constantFrom(...pairs)
type Pair = (typeof pairs)[number]

const exported = ({ publicKey }: Pair) => [
  publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
  publicKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim(),
  publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })).toString('base64'),
]
const partner = fc
  .nat({ max: 99_999 })
  .chain((number) => fc.nat({ max: 3 }).map((zeros) => ({ number, partnerId: '0'.repeat(zeros) + number })))
const timestamp = fc.oneof(
  fc.nat(),
  fc.nat().map(String),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
)
const hash = (number: number, time: string | number) =>
  createHash('sha256').update(`${number}:${time}`).digest('hex')
const padding = constants.RSA_PKCS1_PADDING
/** By the private key, as the service makes it; and by the public one, as clients do. */
const made = ({ privateKey: key }: Pair, text: string) =>
  `${privateEncrypt({ key, padding }, Buffer.from(text)).toString('base64')}|${text}`
const madeByClient = ({ publicKey: key }: Pair, text: string) =>
  `${publicEncrypt({ key, padding }, Buffer.from(text)).toString('base64')}|${text}`
/** What a padded block begins with, if its padding is as short as possible. */
const shortPadding = Buffer.from([0, 1, ...Array<number>(8).fill(255), 0])

describe('sec_key', () => {
  it('is opened by the private key: type 2, no zero in the padding, the hash at its end', async () => {
    await checkProperty(
      fc.asyncProperty(
        pair,
        partner,
        timestamp,
        fc.nat({ max: 4 }),
        async (keys, { number, partnerId }, time, form) => {
          const { sec_key } = await generateSecKey(
            { partnerId, apiKey: exported(keys)[form]! },
            { timestamp: time },
          )
          const [cipher = '', printed] = sec_key.split('|')
          const block = privateDecrypt(
            { key: keys.privateKey, padding: constants.RSA_NO_PADDING },
            Buffer.from(cipher, 'base64'),
          )
          const end = block.indexOf(0, 2)
          expect([...block.subarray(0, 2)]).toEqual([0, 2])
          expect(end).toBe(block.length - 65)
          expect(block.subarray(end + 1).toString()).toBe(printed)
          expect(printed).toBe(hash(number, time))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('of the private key is confirmed, and of nothing else', async () => {
    await checkProperty(
      fc.asyncProperty(
        pair,
        pair,
        partner,
        timestamp,
        timestamp,
        fc.nat(),
        async (keys, others, { number, partnerId }, time, otherTime, at) => {
          const by = { partnerId, apiKey: exported(keys)[2]! }
          const text = hash(number, time)
          const sec_key = made(keys, text)
          expect(await confirmSecKey(by, { timestamp: time, sec_key })).toBe(true)
          expect(
            await confirmSecKey(by, {
              timestamp: time,
              sec_key: sec_key
                .replace(/.{60}/g, '$&\n')
                .replace('|', '\n|')
                .replace(/\n(?=[^|]*$)/g, ''),
            }),
          ).toBe(true)
          if (`${otherTime}` !== `${time}`)
            expect(await confirmSecKey(by, { timestamp: otherTime, sec_key })).toBe(false)
          expect(
            await confirmSecKey({ ...by, partnerId: `${number + 1}` }, { timestamp: time, sec_key }),
          ).toBe(false)
          if (others !== keys)
            expect(await confirmSecKey(by, { timestamp: time, sec_key: made(others, text) })).toBe(false)
          expect(await confirmSecKey(by, { timestamp: time, sec_key: madeByClient(keys, text) })).toBe(false)
          const block = Buffer.from(sec_key.split('|')[0]!, 'base64')
          block[at % block.length]! ^= 1 << (at % 8)
          expect(
            await confirmSecKey(by, { timestamp: time, sec_key: `${block.toString('base64')}|${text}` }),
          ).toBe(false)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is not made by a padding that is read loosely (after Bleichenbacher, exponent 3)', async () => {
    const keys = pairs.find(
      ({ publicKey }) =>
        publicKey.asymmetricKeyDetails?.publicExponent === 3n &&
        publicKey.asymmetricKeyDetails.modulusLength === 3072,
    )!
    const text = hash(125, 1)
    // A block that begins as it should and has garbage after a short padding is a cube that anybody can find.
    const begun = Buffer.concat([shortPadding, Buffer.from(text)])
    const garbage = Buffer.alloc(384 - begun.length, 255)
    const wanted = BigInt(`0x${Buffer.concat([begun, garbage]).toString('hex')}`)
    let root = 1n << 1024n
    for (let next = root - 1n; next < root;) [root, next] = [next, (2n * next + wanted / (next * next)) / 3n]
    const forged = Buffer.from(root.toString(16).padStart(768, '0'), 'hex')
    const cube = Buffer.from((root ** 3n).toString(16).padStart(768, '0'), 'hex')
    expect(cube.subarray(0, begun.length)).toEqual(begun)
    expect(
      await confirmSecKey(
        { partnerId: '125', apiKey: exported(keys)[0]! },
        { timestamp: 1, sec_key: `${forged.toString('base64')}|${text}` },
      ),
    ).toBe(false)
  })

  it('never throws on what comes from outside', async () => {
    const by = { partnerId: '125', apiKey: exported(pairs[0]!)[0]! }
    await checkProperty(
      fc.asyncProperty(
        fc.oneof(
          fc.anything(),
          fc.record({ timestamp: fc.anything(), sec_key: fc.anything() }),
          fc.record({ timestamp: fc.string(), sec_key: fc.string().map((text) => `${text}|${text}`) }),
        ),
        async (received) => {
          expect(await confirmSecKey(by, received as object)).toBe(false)
        },
      ),
      { numRuns: 300 },
    )
  })
})
