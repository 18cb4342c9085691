/** What runtimes say when a connection fails. Their texts quote addresses, so only known codes go further. */

interface Link {
  code?: unknown
  syscall?: unknown
  message?: unknown
  cause?: unknown
}

/** The error and its causes. */
function* chain(error: unknown): Generator<Link> {
  for (
    let link = error as Link | undefined, depth = 0;
    link && depth < 5;
    link = link.cause as Link | undefined, depth++
  )
    yield link
}

/** Whether the runtime proves that nothing was sent; workerd and browsers never can. */
export function failedBeforeSending(error: unknown): boolean {
  // Node (libuv, undici, OpenSSL) and Bun: each of them is raised before the first byte of the request is
  // written, unless a read or write says it.
  const early =
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|UND_ERR_CONNECT_TIMEOUT|UNABLE_TO\w*|ConnectionRefused|FailedToOpenSocket)$|CERT/
  // Deno has no codes; this is the fixed part of its text for DNS, TCP and TLS failures.
  // Linux tells of a host that vanished by the same codes on a connection that stands.
  for (const { syscall } of chain(error)) if (syscall === 'read' || syscall === 'write') return false
  for (const { code, message } of chain(error))
    if (early.test(`${code}`) || ('Deno' in globalThis && `${message}`.includes('client error (Connect)')))
      return true
  return false
}

/** Whether fetch refused to follow a redirect. */
export function wasRedirect(error: unknown): boolean {
  for (const { code, message } of chain(error)) if (/redirect/i.test(`${code} ${message}`)) return true
  return false
}

/** An error that holds the system's code alone: no host, no address, no stack of others. */
export function systemCode(error: unknown): Error | undefined {
  for (const { code } of chain(error))
    if (/^[A-Z][A-Za-z_]+$/.test(`${code}`)) return new Error(code as string)
  return undefined
}
