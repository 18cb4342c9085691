/**
 * No regular expression of the source takes more than some multiple of its input's length, whatever stands
 * there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { servicesDocument } from '../../src/emulator/services-document'

const root = new URL('../../src/', import.meta.url).pathname

interface Pattern {
  source: string
  flags: string
  files: string[]
}

/** Every literal of the source, as the compiler sees it, and what is handed to `new RegExp`. */
function collect(): { patterns: Pattern[]; made: string[] } {
  const patterns = new Map<string, Pattern>()
  const made: string[] = []
  for (const file of (readdirSync(root, { recursive: true }) as string[]).filter((name) =>
    name.endsWith('.ts'),
  )) {
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/')
        const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)]
        const known = patterns.get(node.text) ?? { source, flags, files: [] }
        patterns.set(node.text, { ...known, files: [...known.files, file] })
      }
      if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp')
        made.push(`${file}: ${node.getText()}`)
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(file, readFileSync(root + file, 'utf8'), ts.ScriptTarget.Latest, true))
  }
  return { patterns: [...patterns.values()], made }
}

/** Those of the services document, which are matched against what users type. */
const documented = Object.values(servicesDocument().hosted_web)
  .flatMap((countries) =>
    Object.values(countries as Record<string, { id_types: Record<string, { id_number_regex?: string }> }>),
  )
  .flatMap(({ id_types }) => Object.values(id_types).flatMap(({ id_number_regex }) => id_number_regex ?? []))

/** Pieces that the pattern itself is about: its words, its characters, and some that nothing is about. */
/** Without `\b` and the like, whose letters are no text. */
const texts = ({ source }: Pick<Pattern, 'source'>): string => source.replace(/\\[a-zA-Z]/g, ' ')
function pieces(pattern: Pick<Pattern, 'source'>): string[] {
  const source = texts(pattern)
  const words = (source.match(/[\w<>-]{2,}/g) ?? []).flatMap((word) => [word, `${word} `])
  const chars = [...new Set(source)]
  return [
    ...new Set([
      ...words,
      ...chars,
      'a',
      'A',
      '0',
      ' ',
      '\t',
      '\n',
      '.',
      '-',
      '_',
      '/',
      '\\',
      '"',
      "'",
      '\\"',
      'é',
      '\u2028',
      '\ud83d',
      'a ',
      ' a',
      '0:',
      ': ',
      '=a',
      '-a',
      'a.',
      'a-',
      '0.',
      '\n ',
      ', ',
    ]),
  ]
}

interface Attempt {
  start: string
  piece: string
  end: string
}

const attempts = (pattern: Pick<Pattern, 'source'>): Attempt[] => {
  const starts = ['', ...(texts(pattern).match(/\w{2,}/g) ?? []).slice(0, 2), '"', '`']
  return pieces(pattern).flatMap((piece) =>
    starts.flatMap((start) => ['', '\0', ';'].map((end) => ({ start, piece, end }))),
  )
}

const LENGTH = 4000
const context = createContext({ performance })
/** All attempts in one go, broken off where one does not end; those that took long. */
function slowest(
  pattern: Pick<Pattern, 'source' | 'flags'>,
  tries: readonly Attempt[],
  length: number,
): { attempt: Attempt; ms: number }[] {
  const found: { attempt: Attempt; ms: number }[] = []
  const state = { current: -1 }
  Object.assign(context, {
    tries,
    found,
    length,
    state,
    source: pattern.source,
    flags: pattern.flags.replace('g', ''),
  })
  try {
    runInContext(
      `{
      const regex = new RegExp(source, flags)
      tries.forEach((attempt, index) => {
        state.current = index
        const text = attempt.start + attempt.piece.repeat(Math.ceil(length / attempt.piece.length)) + attempt.end
        const began = performance.now()
        regex.lastIndex = 0
        regex.exec(text)
        const ms = performance.now() - began
        if (ms > 0.4 || length > ${LENGTH}) found.push({ attempt, ms })
      })
    }`,
      context,
      { timeout: 2000 },
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    found.unshift({ attempt: tries[state.current]!, ms: Infinity })
  }
  return found
}

/**
 * What makes the pattern slow, if anything does: found with one length, and proved by how the time grows with
 * it.
 */
function slowOn(pattern: Pick<Pattern, 'source' | 'flags'>): string | undefined {
  for (const { attempt, ms } of slowest(pattern, attempts(pattern), LENGTH)) {
    // A pause of the machine's is not the pattern's fault: the least of some tries tells.
    const least = (length: number) =>
      Math.min(...[1, 2].map(() => slowest(pattern, [attempt], length)[0]?.ms ?? 0))
    if (
      ms === Infinity
        ? least(LENGTH) === Infinity
        : least(LENGTH * 8) > 20 && least(LENGTH * 8) > 16 * least(LENGTH)
    )
      return JSON.stringify(attempt)
  }
  return undefined
}

/** Slow ones that nobody else can feed: what is matched is short, or the user's own. */
const OWN: Readonly<Record<string, string>> = {
  '[\\w$#]+$': 'the codemod: source files of the user',
  '[\\w$]+$': 'the codemod: source files of the user',
  '[\\w$]+\\s*from\\s*$': 'the codemod: source files of the user',
  '^\\s*(import\\s+[\\w*{\'"]|export\\s)': 'the codemod: source files of the user',
  '\\b(class\\b[^;{}()]*|(namespace|module)\\s+[\\w$.]+)$': 'the codemod: source files of the user',
  '\\basync\\s*(function\\b\\s*)?\\*?\\s*[\\w$#]*(<[^()]*>)?$': 'the codemod: source files of the user',
  '\\basync\\s*(<[^()]*>)?\\s*$': 'the codemod: source files of the user',
  '=+$': 'base64 that was just made, two at most',
  '\\/+$': "sid_server, of the caller's configuration",
  '[\\\\/]+$': 'a path on the command line',
  '\\B(?=(\\d{3})+$)': 'a number of at most 16 digits',
}

const { patterns, made } = collect()

describe('the probe itself', () => {
  it.each([
    ['^(a+)+$', 'exponential'],
    ['a+$', 'quadratic'],
    ['^\\s+|\\s+$', 'quadratic'],
    ['(x|xx)+y$', 'exponential'],
    ['\\bclass\\b[^;]*$', 'quadratic'],
  ])('finds that %s is %s', (source) => expect(slowOn({ source, flags: '' })).toBeDefined(), 20_000)
  it.each(['^a+$', '^[^,]*,[^,]*$', '[abc]'])('finds nothing wrong with %s', (source) =>
    expect(slowOn({ source, flags: '' })).toBeUndefined(),
  )
})

it('knows all patterns', () => {
  expect(patterns.length).toBeGreaterThan(130)
  // Both are made of the services document.
  expect(made.map((call) => call.split(':')[0]).sort()).toEqual([
    'emulator/lookup.ts',
    'services/document.ts',
  ])
})

it('excuses only what is there', () =>
  expect(Object.keys(OWN).filter((source) => !patterns.some((pattern) => pattern.source === source))).toEqual(
    [],
  ))

describe('in the source', () => {
  it.each(
    patterns
      .filter(({ source }) => !Object.hasOwn(OWN, source))
      .map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern] as const),
  )('%s', { timeout: 20_000 }, (_, pattern) => expect(slowOn(pattern), pattern.files.join()).toBeUndefined())
})

it(`in the services document`, { timeout: 20_000 }, () => {
  expect(new Set(documented).size).toBeGreaterThan(10)
  for (const text of new Set(documented))
    expect(slowOn({ source: text.replace(/\/i?$/, ''), flags: '' }), text).toBeUndefined()
})
