/** All clients of the tests send by `nodeFetch`: one without a fetch of its own takes the global one. */
import { nodeFetch } from 'smileid-edge/node'

const globalFetch = globalThis.fetch

globalThis.fetch = (input, init) =>
  typeof input === 'string' ? nodeFetch(input, init) : globalFetch(input, init)
