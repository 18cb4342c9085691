#!/bin/sh
# SheetJS writes "Unicode Text" (bookType 'txt') as UTF-16 where it is loaded by require. The same version,
# loaded by import, writes one byte a character, without an error or a warning: names in letters above U+00FF
# become other characters, and the reader of an export is given people who are not there.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund @e965/xlsx@0.20.3

cat > write.mjs <<'EOS'
import * as imported from '@e965/xlsx'
import { createRequire } from 'node:module'

const loaded = { import: imported, require: createRequire(import.meta.url)('@e965/xlsx') }
const { utils, version, write } = loaded[process.argv[2]]
const book = utils.book_new()
utils.book_append_sheet(book, utils.aoa_to_sheet([['Zoë', '日本']]), 'Users')
const bytes = Buffer.from(write(book, { bookType: 'txt', type: 'buffer' }))
console.log(version, bytes.toString('hex'))
EOS

utf16='0.20.3 fffe5a006f00eb000900e5652c67'
echo "expected, in both ways: $utf16"
by_require=$(node write.mjs require)
by_import=$(node write.mjs import)
echo "seen, by require:       $by_require"
echo "seen, by import:        $by_import"
[ "$by_require" = "$utf16" ] && [ "$by_import" = '0.20.3 5a6feb09e52c' ]
