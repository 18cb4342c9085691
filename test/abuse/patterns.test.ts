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

/** Without `\b` and the like, whose letters are no text. */
const texts = ({ source }: Pick<Pattern, 'source'>): string => source.replace(/\\[a-zA-Z]/g, ' ')
/** Pieces that the pattern itself is about: its words, its characters, and some that nothing is about. */
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
/** How many attempts, the slowest ones, are tried again at greater length. */
const SUSPECTS = 8
/** With eight times the length a linear pattern takes eight times as long, a quadratic one 64 times. */
const LONGER = 8
const MOST_GROWTH = 24
const LEAST_MS = 20
/** A linear pattern takes some milliseconds for all attempts, and microseconds for one. */
const TIME_LIMIT_MS = { all: 500, one: 300 }

const context = createContext({ performance })

/** How long each attempt takes, all in one go; broken off where one does not end. */
function measure(
  pattern: Pick<Pattern, 'source' | 'flags'>,
  tries: readonly Attempt[],
  { length, timeLimitMs }: { length: number; timeLimitMs: number },
): { attempt: Attempt; ms: number }[] {
  const measured: { attempt: Attempt; ms: number }[] = []
  const { source, flags } = pattern
  Object.assign(context, { tries, measured, length, source, flags: flags.replace('g', '') })
  try {
    runInContext(
      `{
      const regex = new RegExp(source, flags)
      for (const attempt of tries) {
        const { start, piece, end } = attempt
        const text = start + piece.repeat(Math.ceil(length / piece.length)) + end
        const began = performance.now()
        regex.lastIndex = 0
        regex.exec(text)
        measured.push({ attempt, ms: performance.now() - began })
      }
    }`,
      context,
      { timeout: timeLimitMs },
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    measured.push({ attempt: tries[measured.length]!, ms: Infinity })
  }
  return measured
}

/** How long one attempt takes; the least of some tries, since the machine may be busy. */
function least(pattern: Pick<Pattern, 'source' | 'flags'>, attempt: Attempt, length: number): number {
  let ms = Infinity
  for (let tries = 0; tries < 3 && ms > LEAST_MS; tries++) {
    const [measured] = measure(pattern, [attempt], { length, timeLimitMs: TIME_LIMIT_MS.one })
    ms = Math.min(ms, measured!.ms)
  }
  return ms
}

function isSlow(pattern: Pick<Pattern, 'source' | 'flags'>, attempt: Attempt): boolean {
  const short = least(pattern, attempt, LENGTH)
  if (short === Infinity) return true
  const long = least(pattern, attempt, LENGTH * LONGER)
  return long > LEAST_MS && long > MOST_GROWTH * short
}

/** What makes the pattern slow, if anything does. */
function slowOn(pattern: Pick<Pattern, 'source' | 'flags'>): string | undefined {
  const measured = measure(pattern, attempts(pattern), { length: LENGTH, timeLimitMs: TIME_LIMIT_MS.all })
  const suspects = measured.sort((one, other) => other.ms - one.ms).slice(0, SUSPECTS)
  const found = suspects.find(({ attempt }) => isSlow(pattern, attempt))
  return found && JSON.stringify(found.attempt)
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
  ])('finds that %s is %s', (source) => expect(slowOn({ source, flags: '' })).toBeDefined())
  it.each(['^a+$', '^[^,]*,[^,]*$', '[abc]'])('finds nothing wrong with %s', (source) =>
    expect(slowOn({ source, flags: '' })).toBeUndefined(),
  )
})

it('knows all patterns', () => {
  expect(patterns.length).toBeGreaterThan(130)
  // All are made of what the service says of ID types.
  expect(made.map((call) => call.split(':')[0]).sort()).toEqual([
    'emulator/lookup.ts',
    'services/id-types.ts',
    'v3/input/id-types.ts',
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
  )('%s', (_, pattern) => expect(slowOn(pattern), pattern.files.join()).toBeUndefined())
})

it('in the services document', () => {
  expect(new Set(documented).size).toBeGreaterThan(10)
  for (const text of new Set(documented))
    expect(slowOn({ source: text.replace(/\/i?$/, ''), flags: '' }), text).toBeUndefined()
})
