/** sec_key made and confirmed, by the vectors. */
import { createClient } from 'smileid-edge/client'
import { confirmSecKey, generateSecKey } from 'smileid-edge/legacy'
import vectors from '../../vectors/sec-key.json'
import { describe, equal, ok, rejection, test } from '../harness'
import { client, hashOf, type KeyName } from './setup'

const forms = ['api_key_b64_of_pem', 'api_key_b64_of_der', 'public_pem_spki'] as const

const inBrowser = typeof document === 'object'

// In a browser the key would be public, so there only a client that was told so signs.
const credentials = (partnerId: string, apiKey: string) =>
  inBrowser ? client(partnerId, apiKey) : { partnerId, apiKey }

describe('sec_key', () => {
  for (const { id, key, partner_id, timestamp, sec_key, expect_confirm } of vectors.server_generated) {
    const end = expect_confirm ? 'confirmed' : 'refused'
    test(`sec_key vector ${id} is ${end}, whatever form the key has`, async () => {
      for (const form of forms) {
        const by = credentials(partner_id, vectors.keys[key as KeyName][form].trim())
        equal(await confirmSecKey(by, { timestamp, sec_key }), expect_confirm, form)
        equal(
          await confirmSecKey(by, { timestamp, signature: sec_key }),
          expect_confirm,
          'as job_status carries it',
        )
      }
    })
  }

  for (const { partner_id, timestamp, sha256_hex } of [
    ...vectors.hash_vectors,
    ...vectors.golden_external_hashes,
  ]) {
    test(`the hash of ${partner_id} at ${timestamp} is that of the vector`, async () => {
      const made = await generateSecKey(credentials(partner_id, vectors.keys.rsa1024.api_key_b64_of_pem), {
        timestamp,
      })
      equal([made.timestamp, hashOf(made.sec_key)], [timestamp, sha256_hex])
    })
  }

  test('a PEM is read as files and environment files have it', async () => {
    const { key, partner_id, timestamp, sec_key } = vectors.server_generated[0]!
    const pem = vectors.keys[key as KeyName].public_pem_spki.trim()
    const base64 = btoa(`${pem}\n`)
    for (const form of [
      `${pem}\n`,
      `${pem}\r\n`,
      `\n${pem}\n\n`,
      `${pem.replaceAll('\n', '\r\n')}\r\n`,
      pem.replaceAll('\n', '\\n'),
      `${pem}\n`.replaceAll('\n', '\\n'),
      `${pem}\n`.replaceAll('\n', '\\r\\n'),
      base64,
      btoa(pem.replaceAll('\n', '\\n')),
    ]) {
      ok(await confirmSecKey(credentials(partner_id, form), { timestamp, sec_key }), JSON.stringify(form))
      ok(await confirmSecKey(client(partner_id, form), { timestamp, sec_key }), 'of a client')
      equal(
        hashOf((await generateSecKey(credentials(partner_id, form), { timestamp })).sec_key),
        hashOf(sec_key),
      )
    }
  })

  test("it has the length of its key, is another one each time, and is none of the service's", async () => {
    for (const [key, length] of [
      ['rsa1024', 172],
      ['rsa2048', 344],
    ] as const) {
      const by = credentials('125', vectors.keys[key].api_key_b64_of_der)
      const [a, b] = [
        await generateSecKey(by, { timestamp: 1570698930193 }),
        await generateSecKey(by, { timestamp: 1570698930193 }),
      ]
      equal(
        a.sec_key.split('|').map((part) => part.length),
        [length, 64],
      )
      ok(
        a.sec_key !== b.sec_key && hashOf(a.sec_key) === hashOf(b.sec_key),
        'the padding is random, the hash is not',
      )
      // What anybody makes who knows the public key proves nothing.
      equal(await confirmSecKey(by, a), false)
    }
    for (const { key, partner_id, timestamp, sec_key } of vectors.client_generated)
      equal(
        await confirmSecKey(credentials(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem), {
          timestamp,
          sec_key,
        }),
        false,
      )
  })

  test('it is of now in milliseconds, of a Date in milliseconds, of a number or text as it is', async () => {
    const by = client('125', vectors.keys.rsa1024.api_key_b64_of_pem, { now: () => 1570698930193 })
    equal((await generateSecKey(by)).timestamp, 1570698930193)
    for (const [given, timestamp] of [
      [new Date(1570698930193), 1570698930193],
      [1570698930, 1570698930],
      ['1570698930', '1570698930'],
      ['2019-10-10T12:32:04.622Z', '2019-10-10T12:32:04.622Z'],
    ] as const) {
      equal((await generateSecKey(by, { timestamp: given })).timestamp, timestamp)
    }
    for (const timestamp of [Number.NaN, Infinity, new Date(Number.NaN), '', {}, true])
      equal(
        (await rejection(generateSecKey(by, { timestamp: timestamp as never }))).issues[0].path,
        'timestamp',
      )
  })

  test('what is malformed is no sec_key, and never a throw', async () => {
    const { key, partner_id, timestamp, sec_key } = vectors.server_generated[0]!
    const by = credentials(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem)
    const [cipher = '', hash = ''] = sec_key.split('|')
    ok(await confirmSecKey(by, { timestamp, sec_key }), 'itself')
    const flipped = (cipher[5] === 'A' ? 'B' : 'A') + cipher.slice(6)
    for (const received of [
      undefined,
      null,
      {},
      [],
      'text',
      { timestamp },
      { sec_key },
      { timestamp, sec_key: 5 },
      { timestamp: {}, sec_key },
      { timestamp: null, sec_key },
      { timestamp, sec_key: '' },
      { timestamp, sec_key: '|' },
      ...[
        `${sec_key}|`,
        `${sec_key}|${hash}`,
        `|${sec_key}`,
        `${cipher}|${hash.toUpperCase()}`,
        `${cipher}|${hash} `,
        `${cipher.slice(4)}|${hash}`,
        `AAAA${cipher}|${hash}`,
        `${cipher.slice(0, 5)}${flipped}|${hash}`,
        `${cipher.replaceAll('+', '-').replaceAll('/', '_')}|${hash}`,
        `${'/'.repeat(cipher.length - 1)}=|${hash}`,
        `${cipher}é|${hash}`,
        `${' '.repeat(1e6)}${sec_key}`,
      ].map((text) => ({ timestamp, sec_key: text })),
      { timestamp: `${timestamp} `, sec_key },
      { timestamp: Date.parse(`${timestamp}`), sec_key },
    ])
      equal(await confirmSecKey(by, received as object), false, JSON.stringify(received)?.slice(0, 120))
  })

  test('keys and partner ids that can make no sec_key are named', async () => {
    const { rsa1024 } = vectors.keys
    const pem = rsa1024.public_pem_spki.trim()
    const ec =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9' +
      'q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg=='
    for (const [partnerId, apiKey, paths] of [
      ['125', 'an-api-key', ['apiKey']],
      ['125', ec, ['apiKey']],
      ['125', 'AAAA', ['apiKey']],
      ['125', pem.slice(0, 100), ['apiKey']],
      ['125', pem.replaceAll('PUBLIC', 'PRIVATE'), ['apiKey']],
      ['125', rsa1024.api_key_b64_of_der.slice(0, 100), ['apiKey']],
      ['partner', pem, ['partnerId']],
      ['1.5', 'x', ['partnerId', 'apiKey']],
      ['0x7d', pem, ['partnerId']],
    ] as const) {
      const error = await rejection((async () => generateSecKey(credentials(partnerId, apiKey)))())
      equal(
        [error.code, ...error.issues.map(({ path }: { path: string }) => path)],
        ['invalid_input', ...paths],
      )
      if (paths.some((path) => path === 'apiKey'))
        ok(!error.message.includes(apiKey), 'the key is not quoted')
    }
    // The portal's text as some mail programs hand it on.
    const wrapped = rsa1024.api_key_b64_of_pem.replace(/.{60}/g, '$&\n')
    ok((await generateSecKey(credentials('125', wrapped))).sec_key, 'wrapped base64 is read')
    equal(
      (
        await rejection(
          generateSecKey(
            createClient({
              partnerId: '125',
              apiKey: rsa1024.api_key_b64_of_pem,
              environment: 'sandbox',
              dangerouslyAllowBrowser: true,
            }),
          ),
        )
      ).issues[0].path,
      'client',
    )
  })
})
