#!/usr/bin/env node
/** The program `smileid`: connects the process to the command that is run. */
import { addAbortSignal } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { nodeFetch } from '../node/node-fetch.ts'
import type { Io } from './io.ts'
import { run } from './run.ts'

const { stdout, stderr } = process
const interruptHandlers: (() => void)[] = []
const isTerminal = stderr.isTTY && process.env.TERM !== 'dumb'

const io: Io = {
  out: (line) => void stdout.write(`${line}\n`),
  err: (line) => void stderr.write(`${line}\n`),
  terminal: isTerminal
    ? { columns: () => stderr.columns || 80, write: (piece) => void stderr.write(piece) }
    : undefined,
  env: process.env,
  input: (signal) => buffer(addAbortSignal(signal, process.stdin)),
  onInterrupt(handler) {
    process.on('SIGINT', handler)
    process.on('SIGTERM', handler)
    interruptHandlers.push(handler)
  },
  quit: (code) => process.exit(code),
  fetch: nodeFetch,
  now: Date.now,
}

// When the program that reads the output (such as head) has ended, it counts as one Ctrl-C, however many
// writes fail.
stdout.once('error', () => {
  for (const handler of interruptHandlers) handler()
})
stdout.on('error', () => {})
stderr.on('error', () => {})

void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code
})
