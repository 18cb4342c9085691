#!/usr/bin/env node
/** The command `smileid`: the process as a command sees it. */
import { addAbortSignal } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Io } from './io.ts'
import { run } from './run.ts'

const { stdout, stderr } = process
const interrupts: (() => void)[] = []

const io: Io = {
  out: (line) => void stdout.write(`${line}\n`),
  err: (line) => void stderr.write(`${line}\n`),
  terminal:
    stderr.isTTY && process.env.TERM !== 'dumb'
      ? { columns: () => stderr.columns || 80, write: (piece) => void stderr.write(piece) }
      : undefined,
  env: process.env,
  input: (signal) => text(addAbortSignal(signal, process.stdin)),
  onInterrupt(handler) {
    process.on('SIGINT', handler)
    process.on('SIGTERM', handler)
    interrupts.push(handler)
  },
  quit: (code) => process.exit(code),
  now: Date.now,
}

// Whoever read the output, such as head, has gone: that counts as one Ctrl-C, however often it is found out.
stdout
  .once('error', () => {
    for (const handler of interrupts) handler()
  })
  .on('error', () => {})
stderr.on('error', () => {})
void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code
})
