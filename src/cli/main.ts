#!/usr/bin/env node
/** The command `smileid`: the process as a command sees it. */
import { text } from 'node:stream/consumers'
import type { Io } from './io.ts'
import { run } from './run.ts'

const { stdout, stderr, stdin } = process

const io: Io = {
  out: (line) => void stdout.write(`${line}\n`),
  err: (line) => void stderr.write(`${line}\n`),
  terminal: stderr.isTTY ? { columns: () => stderr.columns || 80, write: (piece) => void stderr.write(piece) } : undefined,
  env: process.env,
  input: () => text(stdin),
  onInterrupt(handler) {
    process.on('SIGINT', handler)
    process.on('SIGTERM', handler)
  },
  quit: (code) => process.exit(code),
  now: Date.now,
}

// Whoever read the output, such as head, has gone.
stdout.on('error', () => process.exit())
stderr.on('error', () => {})
void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code
  // What listens for Ctrl-C keeps no process alive, but standard input may.
  stdin.unref?.()
})
