import { at, line, output, print } from './lib.mjs'

const RUNTIMES = {
  Node: [process.execPath],
  Bun: [at('node_modules/.bin/bun')],
  Deno: [at('node_modules/.bin/deno'), 'run', '--no-prompt', '--no-lock'],
}

export async function signature() {
  const lines = []
  for (const [name, [program, ...args]] of Object.entries(RUNTIMES)) {
    const { sign, verify } = JSON.parse(await output(program, [...args, at('bench/inside/signature.mjs')]))
    const add = (what, ours, bare) => lines.push(line(`${name}: ${what}`, 'µs', ours, bare, { maxRatio: 1.2 }))
    add('generateSignature(credentials)', sign.credentials, sign.bare)
    add('generateSignature(client)', sign.client, sign.bare)
    add('confirmSignature(credentials, pair)', verify.credentials, verify.bare)
    add('confirmSignature(client, pair)', verify.client, verify.bare)
  }
  print('Signature: one call, beside crypto.subtle with a cached key', ['ours', 'bare subtle'], lines)
}
