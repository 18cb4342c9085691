/**
 * Images go to the store, to the API itself, or nowhere: whatever address the answer to a prep upload names.
 */
import { describe, expect, it } from 'vitest'
import { createClient, isSmileIdError } from 'smileid-edge'
import { CANARY } from '../support/canary'
import { calls } from './calls'

/** By hand, from the rule alone: https to S3's own names or to the API's host. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'plain http': [
    'http://bucket.s3.amazonaws.com/k',
    'http://testapi.smileidentity.com/k',
    'http://bucket.s3.us-west-2.amazonaws.com:443/k',
    'HTTP://bucket.s3.amazonaws.com/k',
  ],
  'this machine': [
    'localhost',
    'LOCALHOST',
    'localhost.',
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.0.0.1.',
    '127.255.255.254',
    '0x7f.1',
    '0x7f000001',
    '017700000001',
    '0177.0.0.1',
    '2130706433',
    '127.0.0.1:443',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '0.0.0.0',
    '0',
    '[::]',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    'localhost.localdomain',
  ].flatMap((host) => [`https://${host}/k`, `http://${host}/k`]),
  'private networks': [
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    'metadata.google.internal',
    '10.0.0.1',
    '10.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '[fe80::1]',
    '[fc00::1]',
    '[64:ff9b::a9fe:a9fe]',
    'instance-data',
    'kubernetes.default.svc',
  ].flatMap((host) => [`https://${host}/latest/meta-data`, `http://${host}/latest/meta-data`]),
  'names beside the host': [
    'https://user:pass@bucket.s3.amazonaws.com/k',
    'https://user@bucket.s3.amazonaws.com/k',
    'https://:pass@bucket.s3.amazonaws.com/k',
    'https://bucket.s3.amazonaws.com@evil.example/k',
    'https://bucket.s3.amazonaws.com:pass@evil.example/k',
    'https://bucket.s3.amazonaws.com%40evil.example/k',
    'https://evil.example#@bucket.s3.amazonaws.com/k',
    'https://evil.example?@bucket.s3.amazonaws.com/k',
    'https://evil.example\\@bucket.s3.amazonaws.com/k',
    'https://evil.example\\.s3.amazonaws.com/k',
    'https://evil.example/\\bucket.s3.amazonaws.com/k',
  ],
  'hosts that look alike': [
    'https://s3.amazonaws.com.evil.example/k',
    'https://evil-s3.amazonaws.com.evil.example/k',
    'https://evils3.amazonaws.com/k',
    'https://xs3-us-west-2.amazonaws.com/k',
    'https://bucket-s3.amazonaws.com/k',
    'https://s3.amazonaws.co/k',
    'https://s3.amazonaws.org/k',
    'https://s3-amazonaws.com/k',
    'https://s3.amazonaws.com-evil.example/k',
    'https://ec2-1-2-3-4.us-west-2.compute.amazonaws.com/k',
    'https://s3.us-west-2.compute.amazonaws.com/k',
    'https://s3.evil.amazonaws.com/k',
    'https://elb.us-west-2.amazonaws.com/k',
    'https://testapi.smileidentity.com.evil.example/k',
    'https://evil-testapi.smileidentity.com/k',
    'https://testapi.smileidentity.co/k',
    'https://smileidentity.com/k',
    'https://api.smileidentity.com/k',
    'https://s3.amazonaws.com.cn/k',
  ],
  'other letters': [
    'https://s3.аmazonaws.com/k',
    'https://s3.amazonaws.сom/k',
    'https://ѕ3.amazonaws.com/k',
    'https://xn--s3-.amazonaws.com/k',
    'https://testapi.smileіdentity.com/k',
    'https://s3.amazonaws.com\u3002evil.example/k',
    'https://s3\u2024amazonaws\u2024com.evil.example/k',
    'https://b\u00fccket.s3.amazonaws.com.evil.example/k',
  ],
  'other ports and dots': [
    'https://bucket.s3.amazonaws.com:8443/k',
    'https://bucket.s3.amazonaws.com:80/k',
    'https://testapi.smileidentity.com:8443/k',
    'https://s3.amazonaws.com./k',
    'https://.s3.amazonaws.com/k',
    'https://testapi.smileidentity.com./k',
    'https://s3..amazonaws.com/k',
  ],
  'no web address': [
    '',
    ' ',
    '/k',
    '//bucket.s3.amazonaws.com/k',
    'bucket.s3.amazonaws.com/k',
    'ftp://bucket.s3.amazonaws.com/k',
    'file:///etc/passwd',
    'data:,x',
    'blob:https://bucket.s3.amazonaws.com/k',
    'javascript:alert(1)',
    'ws://bucket.s3.amazonaws.com/k',
    'gopher://127.0.0.1:6379/_',
    'https://',
    'https:///',
    'http:/\\/',
    'null',
  ],
}
const ODD: readonly unknown[] = [
  null,
  undefined,
  5,
  true,
  [],
  {},
  ['http://127.0.0.1/k'],
  { href: 'https://bucket.s3.amazonaws.com/k' },
  { toString: 'https://s3.amazonaws.com' },
]

const ALLOWED = [
  'https://s3.amazonaws.com/bucket/k?X-Amz-Signature=0',
  'https://bucket.s3.amazonaws.com/k',
  'https://my.bucket.s3.us-west-2.amazonaws.com/k',
  'https://bucket.s3-eu-west-1.amazonaws.com/k',
  'https://s3.dualstack.us-east-1.amazonaws.com/bucket/k',
  'https://bucket.s3-accelerate.amazonaws.com/k',
  'https://testapi.smileidentity.com/k',
  'https://TESTAPI.smileidentity.com:443/k',
  'HTTPS://BUCKET.S3.AMAZONAWS.COM/k',
  // What the standard for URLs itself takes away; the host is the right one.
  ' https://bucket.s3.amazonaws.com/k ',
  'https://bucket.s3.ama\nzonaws.com/k',
  'https:\\\\bucket.s3.amazonaws.com\\k',
  'https:bucket.s3.amazonaws.com/k',
]

/** Where the zip of a job went, once the prep upload was answered so. */
async function sentTo(
  upload_url: unknown,
  more: { baseUrl?: string; allowedUploadHosts?: string[] } = {},
): Promise<{ error: unknown; puts: string[] }> {
  const puts: string[] = []
  const client = createClient({
    partnerId: '085',
    apiKey: CANARY.apiKey,
    environment: 'sandbox',
    maxRetries: 0,
    ...more,
    async fetch(url, init) {
      if (init.method === 'PUT') return (puts.push(new URL(url).host), new Response())
      return Response.json({ upload_url, ref_id: 'r', smile_job_id: '0000000001', code: '2202' })
    },
  })
  return {
    error: await calls.submitImageJob!(client).then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
    puts,
  }
}

async function refused(upload_url: unknown, more = {}): Promise<void> {
  const { error, puts } = await sentTo(upload_url, more)
  expect(isSmileIdError(error, 'invalid_reply') && [error.outcome, error.smileJobId]).toEqual([
    'rejected',
    '0000000001',
  ])
  expect(puts).toEqual([])
}

for (const [kind, addresses] of Object.entries(FORBIDDEN))
  describe(kind, () => void it.each(addresses)('%s', (address) => refused(address)))
describe('no text', () => void it.each(ODD)('%j', (address) => refused(address)))

describe('the store and the API itself', () => {
  it.each(ALLOWED)('%j', async (address) => {
    const { error, puts } = await sentTo(address)
    expect(error).toBeUndefined()
    expect(puts).toEqual([new URL(address).host])
  })
})

describe('an API on this machine', () => {
  const baseUrl = 'http://127.0.0.1:9'
  it.each(['http://127.0.0.1:8/k', 'http://localhost:8/k', 'http://[::1]:8/k', 'http://127.1:8/k'])(
    'takes images to %s',
    async (address) => {
      expect((await sentTo(address, { baseUrl })).puts).toEqual([new URL(address).host])
    },
  )
  it.each([
    'http://169.254.169.254/k',
    'http://[::ffff:127.0.0.1]/k',
    'http://0.0.0.0/k',
    'http://10.0.0.1/k',
    'http://localhost.evil.example/k',
    'http://127.0.0.1.evil.example/k',
    'http://localhost./k',
    'http://user@127.0.0.1/k',
    'https://10.0.0.1/k',
  ])('but not to %s', (address) => refused(address, { baseUrl }))
})

describe('a host that was added', () => {
  const added = { allowedUploadHosts: ['store.example'] }
  it('is taken over https', async () =>
    expect((await sentTo('https://store.example/k', added)).puts).toEqual(['store.example']))
  it.each([
    'http://store.example/k',
    'https://sub.store.example/k',
    'https://store.example.evil.example/k',
    'https://u:p@store.example/k',
    'https://store.example./k',
  ])('is not meant by %s', (address) => refused(address, added))
})

const callbacks = (callbackUrl: string, baseUrl?: string) => {
  try {
    return (
      createClient({
        partnerId: '085',
        apiKey: CANARY.apiKey,
        environment: 'sandbox',
        callbackUrl,
        baseUrl,
      }) && 'taken'
    )
  } catch (error) {
    return isSmileIdError(error, 'invalid_input') && error.issues.map(({ path }) => path).join()
  }
}
describe('callbacks', () => {
  it.each([
    'http://app.example/c',
    'http://127.0.0.1/c',
    'ftp://app.example/c',
    'javascript:alert(1)',
    '//app.example/c',
    'data:,x',
    '',
  ])('do not go to %j', (address) => expect(callbacks(address)).toBe('callbackUrl'))
  it.each([
    'http://169.254.169.254/c',
    'http://10.0.0.1/c',
    'http://[::ffff:7f00:1]/c',
    'http://localhost.evil.example/c',
  ])('nor to %j, with an API on this machine', (address) =>
    expect(callbacks(address, 'http://127.0.0.1:9')).toBe('callbackUrl'),
  )
})
