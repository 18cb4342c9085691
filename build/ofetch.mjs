// What stands for ofetch in dist/: its createFetch as it is published, without its index, which makes an
// instance at import. For that, Node loads all of its fetch: 23 ms of every cold start.
export { c as createFetch } from '../node_modules/ofetch/dist/shared/ofetch.CWycOUEr.mjs'
