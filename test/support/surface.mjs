/**
 * Prints what the types of a build declare, so that two builds can be compared:
 * node test/support/surface.mjs dist > file
 *
 * For each entry, each export with its whole declaration: without comments, members of interfaces by name,
 * whatever the file it stands in. Types that no entry exports are numbered, and written out where they are
 * used: to give one another name changes nothing, to change what is in it does.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'

const ENDING = '.d.ts'

/** The surface of the build in a folder, as one text. */
function surfaceOf(folder) {
  const entries = entriesOf(folder)
  const files = entries.map((entry) => join(folder, entry + ENDING))
  const program = ts.createProgram(files, {
    noLib: true,
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  })
  const checker = program.getTypeChecker()
  const exportsOf = new Map(
    entries.map((entry, index) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]))
      return [entry, module ? checker.getExportsOfModule(module) : []]
    }),
  )
  const publicNames = new Map()
  for (const symbol of [...exportsOf.values()].flat()) {
    const target = withoutAlias(checker, symbol)
    const known = publicNames.get(target)
    if (known === undefined || symbol.name < known) publicNames.set(target, symbol.name)
  }
  const lines = []
  for (const [entry, symbols] of exportsOf) {
    lines.push(`# ${entry}`, '')
    for (const symbol of symbols.toSorted(byName)) {
      lines.push(`## ${symbol.name}`, ...declarationOf(checker, publicNames, symbol), '')
    }
  }
  return lines.join('\n')
}

/** Entries have a script beside their types; what several of them share has none. */
function entriesOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .filter((name) => existsSync(join(folder, `${name}.js`)))
    .toSorted()
}

function byName(one, other) {
  return one.name < other.name ? -1 : 1
}

function withoutAlias(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** The declarations of an export, then those of the private types in them, and in these. */
function declarationOf(checker, publicNames, symbol) {
  const numbers = new Map()
  const nameOf = (target) => {
    const known = publicNames.get(target)
    if (known !== undefined) return known
    if (!numbers.has(target)) numbers.set(target, `Private${numbers.size + 1}`)
    return numbers.get(target)
  }
  const print = (target) =>
    (target.declarations ?? []).map((node) => textOf(node, (name) => topLevel(checker, name), nameOf))
  const lines = print(withoutAlias(checker, symbol))
  // The map grows while its types are printed.
  for (const [target, name] of numbers) lines.push(`with ${name}:`, ...print(target))
  return lines
}

/** What a name stands for, if that is declared in the build, outside of everything else. */
function topLevel(checker, name) {
  const found = checker.getSymbolAtLocation(name)
  const target = found && withoutAlias(checker, found)
  const declared = target?.declarations?.[0]
  if (!declared) return undefined
  const holder = ts.isVariableDeclaration(declared) ? declared.parent.parent : declared
  return ts.isSourceFile(holder.parent) ? target : undefined
}

function textOf(node, symbolOf, nameOf) {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node
  const rename = (context) => {
    const visit = (part) => {
      if (ts.isIdentifier(part)) {
        const target = symbolOf(part)
        return target ? ts.factory.createIdentifier(nameOf(target)) : part
      }
      return sortedMembers(ts.visitEachChild(part, visit, context))
    }
    return visit
  }
  const { transformed } = ts.transform(statement, [rename])
  const printer = ts.createPrinter({ removeComments: true })
  const text = printer.printNode(ts.EmitHint.Unspecified, transformed[0], statement.getSourceFile())
  return text.replace(/^(export |declare )+/, '')
}

/** Members by name, overloads in their order. */
function sortedMembers(node) {
  const { factory } = ts
  if (ts.isInterfaceDeclaration(node)) {
    const { modifiers, name, typeParameters, heritageClauses, members } = node
    const sorted = membersByName(members)
    return factory.updateInterfaceDeclaration(node, modifiers, name, typeParameters, heritageClauses, sorted)
  }
  if (ts.isTypeLiteralNode(node)) {
    return factory.updateTypeLiteralNode(node, factory.createNodeArray(membersByName(node.members)))
  }
  return node
}

function membersByName(members) {
  const nameOf = ({ name }) => name?.text ?? ''
  return members.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other), 'en'))
}

console.log(surfaceOf(resolve(process.argv[2] ?? 'dist')))
