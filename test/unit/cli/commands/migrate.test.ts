/** `smileid migrate`: what is rewritten, what is left alone, and what is left to people. */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rewrite } from '../../../../src/cli/commands/migrate/codemod.ts'
import { maskCode } from '../../../../src/cli/commands/migrate/code-mask.ts'
import { buildCommand, type Command } from '../../../support/cli.ts'
import { ended } from '../../../support/node-child.ts'

const IMPORT = `import { Signature } from 'smile-identity-core'\n`
const rewritten = (text: string) => rewrite(text, { isModule: false })!
const body = (text: string) => rewritten(IMPORT + text).text.slice(rewritten(IMPORT).text.length)

describe('the codemod', () => {
  it.each([
    [
      `const { WebApi } = require('smile-identity-core');`,
      `const { WebApi } = require('smileid-edge/compat');`,
    ],
    [`const SIDCore = require("smile-identity-core")`, `const SIDCore = require("smileid-edge/compat")`],
    [
      `const SIDSignature = require('smile-identity-core').Signature;`,
      `const SIDSignature = require('smileid-edge/compat').Signature;`,
    ],
    [
      `import { WebApi, type OptionsParams } from 'smile-identity-core';`,
      `import { WebApi, type OptionsParams } from 'smileid-edge/compat';`,
    ],
    [
      `import type { IdInfo } from "smile-identity-core"`,
      `import type { IdInfo } from "smileid-edge/compat"`,
    ],
    [`import SIDCore from 'smile-identity-core'`, `import * as SIDCore from 'smileid-edge/compat'`],
    [`import type Core from 'smile-identity-core'`, `import type * as Core from 'smileid-edge/compat'`],
    [`import * as core from 'smile-identity-core'`, `import * as core from 'smileid-edge/compat'`],
    [`import core = require('smile-identity-core')`, `import core = require('smileid-edge/compat')`],
    [`export { JOB_TYPE } from 'smile-identity-core'`, `export { JOB_TYPE } from 'smileid-edge/compat'`],
    [
      `const { WebApi } = await import('smile-identity-core')`,
      `const { WebApi } = await import('smileid-edge/compat')`,
    ],
    [
      `import {\n  WebApi,\n  IDApi,\n} from 'smile-identity-core'`,
      `import {\n  WebApi,\n  IDApi,\n} from 'smileid-edge/compat'`,
    ],
  ])('reads %s', (before, after) =>
    expect([rewritten(before).text, rewritten(before).left]).toEqual([after, []]),
  )

  it.each([
    [`const pair = signature.generate_signature()`, `const pair = await signature.generate_signature()`],
    [
      `const { signature, timestamp } = new Signature(partner_id, api_key).generate_signature(Date.now())`,
      'const { signature, timestamp } = await new Signature(partner_id, ' +
        'api_key).generate_signature(Date.now())',
    ],
    [
      `const text = new core.Signature(a(), b[0]).generate_signature().signature`,
      `const text = (await new core.Signature(a(), b[0]).generate_signature()).signature`,
    ],
    [
      `async function f() { if (!this.#sig.confirm_signature(body.timestamp, body.signature)) throw 1 }`,
      'async function f() { if (!await this.#sig.confirm_signature(body.timestamp, body.signature)) ' +
        'throw 1 }',
    ],
    [
      `const f = async (x) => sig.generate_signature(x)`,
      `const f = async (x) => await sig.generate_signature(x)`,
    ],
    [
      `const f = async x => ({ ...sig.generate_signature(), x })`,
      `const f = async x => ({ ...await sig.generate_signature(), x })`,
    ],
    [
      'class A { async m<T>(x: T): Promise<Pair> { for (const y of x) { ' +
        'log(sigs[y]!.generate_signature()) } } }',
      'class A { async m<T>(x: T): Promise<Pair> { for (const y of x) { log(await ' +
        'sigs[y]!.generate_signature()) } } }',
    ],
    [
      'const o = { async m() { try { return sig?.generate_signature() } catch { return (a ? b : ' +
        'c).generate_signature() } } }',
      'const o = { async m() { try { return await sig?.generate_signature() } catch { return await ' +
        '(a ? b : c).generate_signature() } } }',
    ],
    [
      'const url = `x?${sig.generate_signature().signature}&${"`"}`',
      'const url = `x?${(await sig.generate_signature()).signature}&${"`"}`',
    ],
    [
      `app.post('/cb', async (req, res) => {\n  const ok = sig.confirm_signature(req.body.timestamp,` +
        '\n    req.body.signature)\n})',
      `app.post('/cb', async (req, res) => {\n  const ok = await ` +
        'sig.confirm_signature(req.body.timestamp,\n    req.body.signature)\n})',
    ],
    [
      `const f = () => 1\nconst p = sig.generate_signature()`,
      `const f = () => 1\nconst p = await sig.generate_signature()`,
    ],
    [
      `const x = container.get<Map<string, Signature>>(key).generate_signature()`,
      `const x = await container.get<Map<string, Signature>>(key).generate_signature()`,
    ],
    [
      `const x = sig.generate_signature()!.signature + sig.generate_signature?.()`,
      `const x = (await sig.generate_signature())!.signature + await sig.generate_signature?.()`,
    ],
    [
      `const x = await sig.generate_signature().signature`,
      `const x = await (await sig.generate_signature()).signature`,
    ],
    [
      'class A { async m(): Promise<{ a: string }> { return sig.generate_signature() }\n p = async ' +
        '(): Promise<{ a: 1 }> => { return sig.generate_signature() } }',
      'class A { async m(): Promise<{ a: string }> { return await sig.generate_signature() }\n p = ' +
        'async (): Promise<{ a: 1 }> => { return await sig.generate_signature() } }',
    ],
    [
      `async function Page() {\n  return <p title="a">Don't {\n    ` +
        'sig.generate_signature().signature\n  } `</p>\n}',
      `async function Page() {\n  return <p title="a">Don't {\n    (await ` +
        'sig.generate_signature()).signature\n  } `</p>\n}',
    ],
    [
      `const Page = async () => <a>https://x {sig.generate_signature().signature}</a>`,
      `const Page = async () => <a>https://x {(await sig.generate_signature()).signature}</a>`,
    ],
    [
      `const x = a++ / 2, s = '/'; if (a) /'/.test(sig.generate_signature().signature)`,
      `const x = a++ / 2, s = '/'; if (a) /'/.test((await sig.generate_signature()).signature)`,
    ],
    [
      `const { signature } = sig\r\n  // signs\r\n  .generate_signature()\r\n`,
      `const { signature } = await sig\r\n  // signs\r\n  .generate_signature()\r\n`,
    ],
    // Nothing to do.
    [`const p = await sig.generate_signature()`, `const p = await sig.generate_signature()`],
    [`sig.generate_signature().then(send)`, `sig.generate_signature().then(send)`],
    [
      `// sig.generate_signature()\nconst re = /'sig.generate_signature()/, s = ` +
        '"sig.generate_signature()" /* sig.generate_signature() */',
      `// sig.generate_signature()\nconst re = /'sig.generate_signature()/, s = ` +
        '"sig.generate_signature()" /* sig.generate_signature() */',
    ],
    [
      `const half = a / 2; sig.generate_signature(); const b = half / 2`,
      `const half = a / 2; await sig.generate_signature(); const b = half / 2`,
    ],
  ])('awaits in %s', (before, after) => expect(body(before)).toBe(after))

  it.each([
    [`function f() { return sig.generate_signature() }`, 1],
    [`const f = () => sig.generate_signature()`, 1],
    [`const f = (x) => {\n  if (x) { sig.confirm_signature(1, 2) }\n}`, 2],
    [`class A { pair = sig.generate_signature(); m() { return async () => 1 } }`, 1],
    [`items.map((x) => sig.generate_signature(x))`, 1],
    [`async function f() { return items.map(function (x) { return sig.generate_signature(x) }) }`, 1],
    [`const old = 'smile-identity-core'`, 1],
    // Defaults of parameters cannot wait.
    ...[
      `async function f(p = sig.generate_signature()) {}`,
      `const f = async (p = sig.generate_signature()) => p`,
      `const f = async ({ p = sig.generate_signature() }) => { g() }`,
      `class A { async m(p = sig.generate_signature()): Promise<void> {} }`,
    ].map((text): [string, number] => [text, 1]),
    [`function f(): { a: string } { return sig.generate_signature() }`, 1],
    [`const f = (): { a: string } => { return sig.generate_signature() }`, 1],
    [`const f = (x) =>\n  this.sig[x] = sig.generate_signature()`, 2],
    [`namespace N { const p = sig.generate_signature() }`, 1],
    // Named, but not called; or who knows.
    ...[
      `const { generate_signature } = sig`,
      `items.map(sig.generate_signature)`,
      `const sign = sig.generate_signature.bind(sig)`,
      `jest.spyOn(sig, 'generate_signature').mockReturnValue({})`,
      `sig['confirm_signature'](a, b)`,
      `const Page = () => <p>Don't {a ? sig.generate_signature() : 'x'}</p>`,
    ].map((text): [string, number] => [text, 1]),
  ])('leaves to people: %s', (text, line) => {
    const { text: after, left, changes } = rewritten(IMPORT + text)
    expect([
      after.split('\n').slice(1).join('\n'),
      left.map((entry) => entry.line),
      changes.map((change) => change.line),
    ]).toEqual([text, [line + 1], [1]])
  })

  it('leaves to people what has no counterpart', () => {
    expect(rewritten(`import { mapServerUri } from 'smile-identity-core/dist/src/helpers'`)).toMatchObject({
      changes: [],
      left: [{ line: 1 }],
    })
    expect(rewritten(`import core, { WebApi } from 'smile-identity-core'`)).toMatchObject({
      changes: [{ line: 1 }],
      left: [{ line: 1 }],
    })
    for (const text of [
      `export { default as Core } from 'smile-identity-core'`,
      `import { default as Core } from 'smile-identity-core'`,
      `const Core = require('smile-identity-core').default`,
    ])
      expect(rewritten(text)).toMatchObject({ changes: [{ line: 1 }], left: [{ line: 1 }] })
    expect(rewritten(`jest.mock('smile-identity-core')`)).toMatchObject({ changes: [], left: [{ line: 1 }] })
    // CommonJS has no await outside of functions.
    expect(
      rewritten(
        `const { Signature } = require('smile-identity-core')\nconst p = new Signature(a, ` +
          'b).generate_signature()',
      ),
    ).toMatchObject({ changes: [{ line: 1 }], left: [{ line: 2 }] })
    expect(rewrite(`const { Signature } = x\nsig.generate_signature()`, { isModule: true })).toBe(undefined)
  })

  it('is done after the first time, and never makes what does not parse', () => {
    const calls = fc.constantFrom(
      'sig.generate_signature()',
      'new Signature(a, b).generate_signature(1).timestamp',
      '!s.confirm_signature(t, `${x}}`)',
      '"a.generate_signature()"',
      '/[/]"/.test(x)',
      'a / b',
      '`${{ a: 1 }.a}`',
      '({})',
      '[1][0]',
      'get<T>(x).generate_signature()',
      'await_(sig.generate_signature)',
      `"'" + a++ / 2`,
      'sig?.generate_signature?.()',
    )
    const shapes = fc.constantFrom(
      (x: string) => `const v = ${x}`,
      (x: string) => `async function f() { return ${x} }`,
      (x: string) => `function f() { return ${x} }`,
      (x: string) => `const f = async () => ({ a: ${x} })`,
      (x: string) => `const f = (y) => ${x}`,
      (x: string) => `if (${x}) { g(${x}) } else { h() }`,
      (x: string) => `class A { p = ${x}; async m() { return ${x} } n() { return ${x} } }`,
      (x: string) => `// ${x.replaceAll('\n', '')}`,
      (x: string) => `const t = \`\${${x}}\``,
      (x: string) => `async function f(p = ${x}) {}`,
      (x: string) =>
        `const f = async (p: { a: () => void } = ${x}): Promise<{ a: string }> => { return ${x} }`,
      (x: string) => `function f(): { a: string } { return ${x} }`,
      (x: string) => `const f = (y) =>\n  z.y = ${x}`,
    )
    const errors = (text: string) =>
      (
        ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true) as unknown as {
          parseDiagnostics: unknown[]
        }
      ).parseDiagnostics.length
    fc.assert(
      fc.property(fc.array(fc.tuple(shapes, calls), { minLength: 1, maxLength: 6 }), (parts) => {
        const text = IMPORT + parts.map(([shape, call], i) => `{\n${shape(call)} // ${i}\n}`).join('\n')
        expect(errors(text)).toBe(0)
        const once = rewritten(text).text
        expect(errors(once)).toBe(0)
        expect(maskCode(once)).toHaveLength(once.length)
        // Each await stands where TypeScript, which knows, finds an async function or the module around it.
        const wrong: string[] = []
        const visit = (node: ts.Node): void => {
          if (ts.isAwaitExpression(node)) {
            const around = ts.findAncestor(
              node,
              (one) =>
                ts.isFunctionLike(one) ||
                ts.isClassStaticBlockDeclaration(one) ||
                ts.isPropertyDeclaration(one),
            )
            if (ts.findAncestor(node, (one) => (one === around ? 'quit' : ts.isParameter(one))))
              wrong.push(node.getText())
            if (around && !(ts.getCombinedModifierFlags(around as ts.Declaration) & ts.ModifierFlags.Async))
              wrong.push(node.getText())
          }
          ts.forEachChild(node, visit)
        }
        visit(ts.createSourceFile('a.ts', once, ts.ScriptTarget.ESNext, true))
        expect(wrong).toEqual([])
        const again = rewrite(`${once}\n// smile-identity-core`, { isModule: true })!
        expect(again.changes).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('smileid migrate', () => {
  let command: Command
  beforeAll(async () => {
    command = await buildCommand()
  })
  afterAll(() => command.remove())

  it('keeps line ends, marks and bytes as they are', async () => {
    const folder = join(command.dir, 'bytes')
    mkdirSync(folder)
    const line = `const { WebApi } = require('smile-identity-core')`
    const files: Record<string, [before: Buffer, after: Buffer]> = Object.fromEntries(
      Object.entries({
        'crlf.js': [`${line}\r\n// é\r\n`, 'utf8'],
        'mark.ts': [`\uFEFF${line}\n`, 'utf8'],
        'end.js': [line, 'utf8'],
        'latin1.js': [`// é\n${line}\n`, 'latin1'],
        'other.js': ['// é\n', 'latin1'],
      } as Record<string, [string, BufferEncoding]>).map(([name, [text, encoding]]) => [
        name,
        [
          Buffer.from(text, encoding),
          Buffer.from(
            encoding === 'utf8' ? text.replace('smile-identity-core', 'smileid-edge/compat') : text,
            encoding,
          ),
        ],
      ]),
    )
    for (const [name, [before]] of Object.entries(files)) writeFileSync(join(folder, name), before)
    const { code, err } = await command.run(['migrate', 'bytes'])
    expect([code, err]).toEqual([
      3,
      'bytes/latin1.js:1: by hand: is no UTF-8, and names smile-identity-core\n',
    ])
    for (const [name, [, after]] of Object.entries(files))
      expect(readFileSync(join(folder, name))).toEqual(after)
    rmSync(folder, { recursive: true })
  })

  it('shows with --dry-run, and changes without', async () => {
    const files = {
      'server.js':
        `const { WebApi } = require('smile-identity-core')\nmodule.exports = new ` +
        'WebApi(process.env.PARTNER, null, process.env.KEY, 0)\n',
      'lib/sign.ts':
        `import { Signature } from 'smile-identity-core'\nexport async function sign() {\n  ` +
        `return new Signature('1', 'k').generate_signature()\n}\nexport const late = () => new ` +
        `Signature('1', 'k').generate_signature()\n`,
      'other.ts': `export const other = 'text'\n`,
      'node_modules/x/index.js': `require('smile-identity-core')\n`,
    }
    for (const folder of ['lib', 'node_modules/x']) mkdirSync(join(command.dir, folder), { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(command.dir, name), text)
    const read = (name: string) => readFileSync(join(command.dir, name), 'utf8')

    const shown = await command.run(['migrate', '--dry-run'])
    expect([shown.code, shown.err]).toEqual([
      3,
      'lib/sign.ts:5: by hand: generate_signature is a promise now, and no async function is around it\n',
    ])
    expect(shown.out).toContain(
      `server.js\n1\n- const { WebApi } = require('smile-identity-core')\n+ const { WebApi } = ` +
        `require('smileid-edge/compat')\n`,
    )
    expect(shown.out).toContain('3 lines in 2 files would change; 1 places are left to you')
    for (const [name, text] of Object.entries(files)) expect(read(name)).toBe(text)

    const done = await command.run(['migrate'])
    expect([done.code, done.out.replace('changed', 'would change')]).toEqual([3, shown.out])
    expect(read('server.js')).toBe(files['server.js'].replace('smile-identity-core', 'smileid-edge/compat'))
    expect(read('lib/sign.ts')).toBe(
      files['lib/sign.ts']
        .replace('smile-identity-core', 'smileid-edge/compat')
        .replace('return new', 'return await new'),
    )
    for (const name of ['other.ts', 'node_modules/x/index.js'] as const) expect(read(name)).toBe(files[name])
    expect(await command.run(['migrate'])).toMatchObject({
      code: 0,
      out: '0 lines in 0 files changed; 0 places are left to you\n',
    })
    expect(await command.run(['migrate', 'nowhere'])).toMatchObject({ code: 1, out: '' })
  })

  const OLD = `import { WebApi } from 'smile-identity-core'\n`
  const NEW = `import { WebApi } from 'smileid-edge/compat'\n`

  function folderOf(files: Record<string, string>): { folder: string; read(name: string): string } {
    const folder = mkdtempSync(join(command.dir, 'files-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return { folder, read: (name) => readFileSync(join(folder, name), 'utf8') }
  }

  it.skipIf(process.platform === 'win32')('never cuts a source when the disk is full', async () => {
    const long = OLD + `export const value = 1 // somebody's work\n`.repeat(2000)
    const { folder, read } = folderOf({ 'a-long.mjs': long, 'b-short.mjs': OLD })
    // The system refuses to make files larger than 40 blocks, as a full disk would.
    const child = spawn(
      'sh',
      [
        '-c',
        `trap '' XFSZ; ulimit -f 40; exec "$@"`,
        'sh',
        process.execPath,
        command.file,
        'migrate',
        folder,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const { code, stdout, stderr } = await ended(child)
    expect({ code, stderr: stderr.replace(/^.*files-\w+\//, '') }).toEqual({
      code: 3,
      stderr: 'a-long.mjs: not changed: could not be written (EFBIG)\n',
    })
    expect(stdout).toContain('1 lines in 1 files changed; 0 places are left to you')
    expect(read('a-long.mjs')).toBe(long)
    expect(read('b-short.mjs')).toBe(NEW)
    expect(readdirSync(folder)).toEqual(['a-long.mjs', 'b-short.mjs'])
    expect(await command.run(['migrate', folder])).toMatchObject({ code: 0 })
    expect(read('a-long.mjs')).toBe(long.replace(OLD, NEW))
  })

  it.skipIf(process.platform === 'win32')('keeps rights, links and what is read-only', async () => {
    const { folder, read } = folderOf({ 'run.mjs': OLD, 'fixed.mjs': OLD, 'outside.txt': OLD })
    chmodSync(join(folder, 'run.mjs'), 0o751)
    chmodSync(join(folder, 'fixed.mjs'), 0o444)
    symlinkSync('outside.txt', join(folder, 'link.mjs'))
    const { code, err } = await command.run(['migrate', folder])
    // Whoever may write to everything is asked by no right.
    const mayWriteAll = process.getuid?.() === 0
    expect(code).toBe(mayWriteAll ? 0 : 3)
    if (!mayWriteAll) expect(err).toMatch(/fixed\.mjs: not changed: could not be written \(EACCES\)\n$/)
    expect(read('run.mjs')).toBe(NEW)
    expect(statSync(join(folder, 'run.mjs')).mode & 0o777).toBe(0o751)
    expect(statSync(join(folder, 'fixed.mjs')).mode & 0o777).toBe(0o444)
    expect(read('fixed.mjs')).toBe(mayWriteAll ? NEW : OLD)
    expect([read('outside.txt'), lstatSync(join(folder, 'link.mjs')).isSymbolicLink()]).toEqual([OLD, true])
  })

  it('shows what a terminal would obey in names and lines, and sends it none of it', async () => {
    const hidden = '\u001b[2J\u009b1A\u202e\u2066\r\u0007'
    const name = process.platform === 'win32' ? 'a.mjs' : `a\u001b[31m\n.mjs`
    const { folder } = folderOf({ [name]: `/* ${hidden} */ ${OLD}function f() { s.generate_signature() }\n` })
    const { code, out, err } = await command.run(['migrate', folder])
    expect(code).toBe(3)
    expect(out + err).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    expect(out).toContain('- /* \\u001b[2J\\u009b1A\\u202e\\u2066\\u000d\\u0007 */ import')
    expect(err.split('\n')).toHaveLength(2)
  })
})
