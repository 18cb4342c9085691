/** Certificates for TLS servers in tests, made on the spot: no key lies in the repository. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

interface Certificate {
  cert: string
  key: string
}

interface Wanted {
  /** Common name, and the one DNS name or IPv4 address that it is good for. */
  name: string
  from: Date
  to: Date
  /** Who signs; itself when left out. */
  by?: Authority | undefined
}

export interface Authority extends Certificate {
  name: string
  privateKey: KeyObject
}

// DER (X.690): a tag, the length, the content.
function element(tag: number, ...contents: (Buffer | number[])[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part as Buffer)))
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content])
}
function lengthOf({ length }: Buffer): number[] {
  if (length < 128) return [length]
  return length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
}
const sequence = (...parts: (Buffer | number[])[]) => element(0x30, ...parts)
const oid = (...bytes: number[]) => element(0x06, bytes)
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2))
const commonName = (name: string) =>
  sequence(element(0x31, sequence(oid(0x55, 4, 3), element(0x0c, Buffer.from(name)))))
const time = (at: Date) => element(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`))
function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

/** An X.509 certificate (RFC 5280) with an elliptic key. */
export function createCertificate({ name, from, to, by }: Wanted): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const address = /^[\d.]+$/.test(name)
    ? element(0x87, name.split('.').map(Number))
    : element(0x82, Buffer.from(name))
  const extensions = element(
    0xa3,
    sequence(
      sequence(oid(0x55, 0x1d, 0x11), element(0x04, sequence(address))),
      sequence(
        oid(0x55, 0x1d, 0x13),
        element(0x01, [0xff]),
        element(0x04, sequence(...(by ? [] : [element(0x01, [0xff])]))),
      ),
    ),
  )
  const content = sequence(
    element(0xa0, element(0x02, [2])),
    element(0x02, [1, ...randomBytes(8)]),
    ECDSA_SHA256,
    commonName(by?.name ?? name),
    sequence(time(from), time(to)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  )
  const signature = element(0x03, [0], sign('sha256', content, by?.privateKey ?? privateKey))
  return {
    name,
    privateKey,
    cert: pem('CERTIFICATE', sequence(content, ECDSA_SHA256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}
