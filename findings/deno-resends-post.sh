#!/bin/sh
# Deno's fetch sends a POST once more, by itself, when a connection that it uses again breaks after the
# server has read the request: what the server did, it does twice.
# RFC 9110 section 9.2.2: "A user agent SHOULD NOT automatically retry a request with a non-idempotent
# method unless it has some means to know that the request semantics are actually idempotent [...] or some
# means to detect that the original request was never applied."
# A body that Deno cannot clone (a Blob, a stream) goes out once.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6

cat > server.mjs <<'EOF'
// Counts POSTs, and closes the connection of each when all of it is there.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

let posts = 0
const server = createServer((socket) => {
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    text += piece
    if (text.startsWith('GET')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    else if (text.endsWith('a payment')) {
      posts++
      socket.end()
    } else return
    text = ''
  })
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`
  const args = ['run', '--quiet', '--no-config', '--allow-net=127.0.0.1', 'client.mjs', url, process.argv[2]]
  const child = spawn('node_modules/.bin/deno', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('close', () => {
    console.log(posts)
    process.exit()
  })
})
EOF

cat > client.mjs <<'EOF'
const [url, form] = Deno.args
await (await fetch(url)).text()
// The connection is free again by then.
await new Promise((resolve) => setTimeout(resolve, 100))
const body = form === 'text' ? 'a payment' : new Blob(['a payment'])
await fetch(url, { method: 'POST', body }).catch(() => {})
EOF

node_modules/.bin/deno --version | head -n 1
text=$(node server.mjs text)
blob=$(node server.mjs blob)
echo "expected: 1 POST for one fetch"
echo "seen:     $text with text, $blob with a Blob"
[ "$text" = 2 ] && [ "$blob" = 1 ] || { echo 'this has changed'; exit 1; }
