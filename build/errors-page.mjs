/** Writes playground/docs/errors.md out of the source: node build/errors-page.mjs [--check] */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'

const root = new URL('..', import.meta.url)
const page = new URL('playground/docs/errors.md', root)
const folder = new URL('src/', root)
// The tables first: what they say holds for all that follows.
const TABLES = 'errors/api-codes.ts'
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.ts') && !/^(emulator|cli|node|compat)\b/.test(name))
  .sort((a, b) => Number(b === TABLES) - Number(a === TABLES) || (a < b ? -1 : 1))
  .map((name) =>
    ts.createSourceFile(name, readFileSync(new URL(name, folder), 'utf8'), ts.ScriptTarget.Latest, true),
  )
const of = (name) => files.find(({ fileName }) => fileName === `${name}.ts`)

/** The codes of a union, each with what stands above it. */
function codes(union) {
  const { type } = of('errors/codes').statements.find(
    (node) => ts.isTypeAliasDeclaration(node) && node.name.text === union,
  )
  return type.types.flatMap((node) => {
    if (ts.isTypeReferenceNode(node)) return []
    const text = node.getSourceFile().text
    // A comment belongs to the member whose `|` it stands before, which is no part of the member itself.
    const [, comment] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\|\s*$/.exec(text.slice(0, node.getStart())) ?? []
    const cause = comment
      ?.replace(/^\s*\*/gm, '')
      .replace(/\s+/g, ' ')
      .trim()
    if (!cause) throw new Error(`no cause stands above ${node.getText()}`)
    return [{ code: node.literal.text, cause }]
  })
}

/** Constants that hold a text, and functions, wherever they stand. */
const constants = new Map()
const functions = new Map()
function findConstants(node) {
  if (ts.isFunctionDeclaration(node)) functions.set(node.name.text, node)
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteralLike(node.initializer))
    constants.set(node.name.getText(), node.initializer.text)
  ts.forEachChild(node, findConstants)
}
for (const file of files) findConstants(file)

/** The texts that an expression may have; what is known at run time only becomes "…". */
function texts(node) {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')]
  if (ts.isBinaryExpression(node)) {
    const [left] = texts(node.left)
    const [right] = texts(node.right)
    return left && right ? [left + right] : []
  }
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)]
  if (ts.isCallExpression(node)) return returned(functions.get(node.expression.getText()))
  return constants.has(node.getText()) ? [constants.get(node.getText())] : []
}

/** The texts that a function may return. */
function returned(node) {
  if (!node) return []
  if (ts.isReturnStatement(node)) return node.expression ? texts(node.expression) : []
  const found = []
  ts.forEachChild(node, (child) => void found.push(...returned(child)))
  return found
}

/** What to do about each code, as its errors say it. */
const hints = new Map()
/** Which of Smile ID's digits and HTTP statuses are read as it. */
const numbers = new Map()
const add = (code, hint) => hints.set(code, new Set([...(hints.get(code) ?? []), hint]))

function visit(node) {
  if (ts.isObjectLiteralExpression(node)) {
    const member = (name) => {
      const property = node.properties.find((one) => one.name?.getText() === name)
      if (!property) return undefined
      return ts.isShorthandPropertyAssignment(property) ? property.name : property.initializer
    }
    const [code, hint] = [member('code'), member('hint')]
    for (const one of code && hint ? texts(code) : []) for (const text of texts(hint)) add(one, text)
    // invalidReply(…, { hint: … })
    const call = node.parent
    if (hint && !code && ts.isCallExpression(call) && call.expression.getText() === 'invalidReply')
      for (const text of texts(hint)) add('invalid_reply', text)
  }
  if (ts.isVariableDeclaration(node) && node.name.getText() === 'API_REFUSALS') {
    for (const { name, initializer } of node.initializer.properties) {
      const values = Object.fromEntries(
        initializer.properties.map((property) => [property.name.getText(), property.initializer]),
      )
      const all = [...(values.smileCodes?.elements ?? []), ...(values.statuses?.elements ?? [])]
      numbers.set(
        name.getText(),
        all.map((element) => element.text),
      )
      add(name.getText(), texts(values.hint)[0])
    }
  }
  if (ts.isVariableDeclaration(node) && node.name.getText() === 'V3_HINTS') {
    for (const { name, initializer } of node.initializer.properties) {
      for (const hint of texts(initializer)) add(name.getText(), hint)
    }
  }
  ts.forEachChild(node, visit)
}
for (const file of files) visit(file)

const NAMES = {
  V1ApiCode: 'SmileIdApiError',
  V3ApiCode: 'SmileIdApiError',
  SignatureCode: 'SmileIdSignatureError',
  invalid_input: 'SmileIdInputError',
  network_error: 'SmileIdNetworkError',
  request_timeout: 'SmileIdTimeoutError',
  wait_timeout: 'SmileIdTimeoutError',
}
const rows = [
  ...codes('SmileIdErrorCode').map((row) => ({ ...row, name: NAMES[row.code] })),
  ...['V1ApiCode', 'V3ApiCode', 'SignatureCode'].flatMap((union) =>
    codes(union).map((row) => ({ ...row, name: NAMES[union] })),
  ),
]
const lacking = rows.filter(({ code }) => !hints.get(code)?.size).map(({ code }) => code)
if (lacking.length) throw new Error(`no hint was found for ${lacking.join(', ')}`)

/** Paragraphs of the page, a line of it each, in pieces that fit into the columns of this file. */
const INTRODUCTION = [
  [
    "Every `error.code` of the SDK. `isSmileIdError(error, 'user_exists')` asks for one, a `switch` over ",
    '`code` or `name` narrows. Generated from the source by `npm run docs:errors`.',
  ],
  [],
  [
    "What to do about any of them, the error says itself: `outcome` is `'not_sent'` (nothing left this ",
    "machine), `'rejected'` (the server said no) or `'unknown'` (it may have acted: ask before you repeat); ",
    '`retryable` says whether the same call may',
  ],
  [
    'be sent again; `retryAfterMs`, how long the server wants to be left alone; `hint` is the last column. ',
    "An abort is none of these: it rejects with the signal's own reason.",
  ],
]
const READ_FROM = [
  [
    '"Read from" lists Smile ID\'s four digits (`error.smileCode`), which count before the HTTP status, and ',
    'statuses; a 5xx that says nothing else is `server_error`. The digits 2204 and 2413 are used for a ',
    'wrong signature, too, which text or status',
  ],
  [
    'then tell. Where an image job stays open without its images, the cure is to submit it again with ',
    '`retry: true`: see [image jobs](image-jobs.md).',
  ],
]
const ISSUES = [
  [
    '`invalid_input` carries `issues`, one for each problem, with the `path` as it is written in the input, ',
    'a `message` that never quotes it, and one of these codes:',
  ],
]
const paragraph = (lines) => lines.map((pieces) => pieces.join('')).join('\n')
const row = (...cells) => `| ${cells.join(' | ')} |`

const errorRows = rows.map(({ code, name, cause }) => {
  const readFrom = (numbers.get(code) ?? []).join(' ')
  return row(`\`${code}\``, `\`${name}\``, readFrom, cause, [...hints.get(code)].join(' Or: '))
})
const issueRows = codes('IssueCode').map(({ code, cause }) => row(`\`${code}\``, cause))

const text = `# Errors

${paragraph(INTRODUCTION)}

| \`code\` | class | read from | cause | cure |
|---|---|---|---|---|
${errorRows.join('\n')}

${paragraph(READ_FROM)}

## Issues

${paragraph(ISSUES)}

| \`code\` | what is wrong |
|---|---|
${issueRows.join('\n')}
`
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text)
    throw new Error('playground/docs/errors.md is not what the source says: npm run docs:errors')
} else writeFileSync(page, text)
