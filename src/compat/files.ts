/** Files, where there are any: the one place of the SDK's web part that asks for them. */
import { inputError, wrongType } from '../errors/issues.ts'

interface Host {
  process?: { getBuiltinModule?(name: string): { readFile(path: string): Promise<Uint8Array> } | undefined }
}

/**
 * Asked for at run time, so that no bundler meets an import that its platform does not have: Node, Bun and
 * Deno answer.
 */
export async function readFile(path: string): Promise<Uint8Array> {
  const fs = (globalThis as Host).process?.getBuiltinModule?.('node:fs/promises')
  if (!fs)
    throw inputError([
      wrongType('image', 'is a file path, and here are no files: pass bytes, a Blob, a stream or base64'),
    ])
  return fs.readFile(path)
}
