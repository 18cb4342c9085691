/** Has all clients of the tests send by `nodeFetch`: those without a fetch of their own take the global one. */
import { nodeFetch } from 'smileid-edge/node'

const globalFetch = globalThis.fetch

globalThis.fetch = (input, init) =>
  typeof input === 'string' ? nodeFetch(input, init) : globalFetch(input, init)
