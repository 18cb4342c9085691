#!/bin/sh
# Bun's fetch sends a PUT once more, by itself, when a connection that it uses again breaks after the server
# has read the request, though it rejects in the end. PUT is idempotent (RFC 9110 section 9.2.2), so this is
# allowed; but the caller is not asked, and a store that takes each upload once refuses the second one.
# A body that is a stream goes out once, and so does a POST.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund bun@1.4.5

cat > server.mjs <<'EOF'
// Counts what is no GET, and closes the connection of each when all of it is there.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

let requests = 0
const server = createServer((socket) => {
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    text += piece
    if (text.startsWith('GET')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    else if (text.endsWith('an upload')) {
      requests++
      socket.end()
    } else return
    text = ''
  })
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`
  const args = ['client.mjs', url, ...process.argv.slice(2)]
  const child = spawn('node_modules/.bin/bun', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('close', () => {
    console.log(requests)
    process.exit()
  })
})
EOF

cat > client.mjs <<'EOF'
const [url, method, form] = process.argv.slice(2)
await (await fetch(url)).text()
// The connection is free again by then.
await new Promise((resolve) => setTimeout(resolve, 100))
const bytes = new TextEncoder().encode('an upload')
const stream = () =>
  new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
const init =
  form === 'bytes' ? { body: bytes } : { body: stream(), headers: { 'content-length': String(bytes.length) } }
await fetch(url, { method, ...init }).catch(() => {})
EOF

echo "bun $(node_modules/.bin/bun --version)"
bytes=$(node server.mjs PUT bytes)
stream=$(node server.mjs PUT stream)
post=$(node server.mjs POST bytes)
echo "expected: 1 request for one fetch"
echo "seen:     $bytes for a PUT of bytes, $stream for a PUT of a stream, $post for a POST of bytes"
[ "$bytes" -gt 1 ] && [ "$stream" = 1 ] && [ "$post" = 1 ] || { echo 'this has changed'; exit 1; }
