/**
 * What needs a file system or a server: Node, Bun and Deno.
 *
 * @module
 */
export { createEmulatorServer, type EmulatorServer, type FetchHandler } from './node/emulator-server.ts'
export { photoFile } from './node/photo-file.ts'
