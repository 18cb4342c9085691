/** Files, where there are any: the one place of the SDK's web part that asks for them. */
import { SmileIdInputError } from '../errors/classes.ts'
import { wrongType } from '../errors/issues.ts'
import { builtin } from '../platform/runtime.ts'

interface FileSystem {
  readFile(path: string): Promise<Uint8Array>
}

/** @throws {SmileIdInputError} `invalid_input`: there are no files here. Node, Bun and Deno have them. */
export async function readFile(path: string): Promise<Uint8Array> {
  const fileSystem = builtin<FileSystem>('node:fs/promises')
  if (fileSystem) return fileSystem.readFile(path)
  const message = 'is a file path, and here are no files: pass bytes, a Blob, a stream or base64'
  throw new SmileIdInputError([wrongType('image', message)])
}
