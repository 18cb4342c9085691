#!/bin/sh
# csv42 reads an empty cell as null, but leaves the member out altogether where the cell is the last of its
# row: two records of one file have different members, though both have all their cells.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund csv42@5.0.3

cat > read.mjs <<'EOS'
import { readFileSync } from 'node:fs'
import { csv2json } from 'csv42'

const { version } = JSON.parse(readFileSync('node_modules/csv42/package.json', 'utf8'))
console.log(version, JSON.stringify(csv2json('name,photo,note\nA,,x\nB,b.jpg,\n')))
EOS

seen=$(node read.mjs)
echo 'expected: 5.0.3 [{"name":"A","photo":null,"note":"x"},{"name":"B","photo":"b.jpg","note":null}]'
echo "seen:     $seen"
[ "$seen" = '5.0.3 [{"name":"A","photo":null,"note":"x"},{"name":"B","photo":"b.jpg"}]' ]
