#!/usr/bin/env bash
# Writes files/ anew, by the programs that README.md names; each reads table.json and writes into the folder
# that it is run in. Needs all of them, and a user `postgres` for its server.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
cd "$work"
cp "$here/table.json" .
export TZ=UTC LC_ALL=C.UTF-8

mkdir -p tools
cp "$here"/make.mjs "$here"/make.duckdb.mjs tools
npm install --prefix tools --ignore-scripts --no-audit --no-fund \
  papaparse@5.7.1 d3-dsv@3.0.2 csv-stringify@6.9.0 @fast-csv/format@5.0.8 json-2-csv@5.6.0 exceljs@4.4.0 \
  xlsx@0.18.5 @e965/xlsx@0.20.3 write-excel-file@4.1.1 @duckdb/node-api@1.5.6-r.1
node tools/make.mjs "$work"
node tools/make.duckdb.mjs "$work"

/usr/bin/python3 "$here/make.py"
go run "$here/make.go"
php "$here/make.php"
ruby "$here/make.rb"
cp python.csv r-input.csv
Rscript "$here/make.R"
rm r-input.csv

node -p 'JSON.parse(fs.readFileSync("table.json")).picture' | base64 -d >picture.jpg
sqlite3 :memory: <"$here/make.sqlite"
rm picture.jpg

# csvkit guesses types unless -I says not to: 007 becomes 7 then.
csvformat python.csv >csvkit.csvformat.csv
csvformat -T python.csv >csvkit.csvformat.tsv
csvjson -I python.csv >csvkit.csvjson.json
csvcut -l -c user_id,user_created_at,photo,note python.csv >csvkit.csvcut-lines.csv
in2csv exceljs.xlsx >csvkit.in2csv.guessed.csv
in2csv -I exceljs.xlsx >csvkit.in2csv.csv

# LibreOffice, in the forms of "Save as" and of its filter for CSV: separator, quote, charset.
mkdir -p office
office() {
  soffice --headless "-env:UserInstallation=file://$work/office/profile" --convert-to "$1" --outdir office "$2" >/dev/null
}
office xlsx exceljs.dates.xlsx
mv office/exceljs.dates.xlsx libreoffice.xlsx
office ods exceljs.dates.xlsx
mv office/exceljs.dates.ods libreoffice.ods
office fods exceljs.dates.xlsx
mv office/exceljs.dates.fods libreoffice.fods
office csv exceljs.xlsx
mv office/exceljs.csv libreoffice.csv
office 'csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,true' exceljs.xlsx
mv office/exceljs.csv libreoffice.semicolon.csv
office 'csv:Text - txt - csv (StarCalc):9,34,65535' exceljs.xlsx
mv office/exceljs.csv libreoffice.utf16.tsv
office 'csv:Text - txt - csv (StarCalc):44,34,76' exceljs.dates.xlsx
mv office/exceljs.dates.csv libreoffice.dates.csv
office xls exceljs.xlsx
mv office/exceljs.xls libreoffice.xls

# Postgres in a folder of its own, on no port.
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
chmod 777 "$work"
install -d -o postgres "$work/pg"
su postgres -c "$bin/initdb -D $work/pg/data -E UTF8 --locale C.UTF-8 >/dev/null"
su postgres -c "$bin/pg_ctl -D $work/pg/data -w -o '-k $work/pg -h \"\"' -l $work/pg/log start >/dev/null"
su postgres -c "cd $work && psql -q -X -h $work/pg -v ON_ERROR_STOP=1 -v table=\"\$(cat table.json)\" -f $here/make.postgres.sql postgres" ||
  echo 'postgres failed' >&2
su postgres -c "$bin/pg_ctl -D $work/pg/data -w stop >/dev/null"

# MariaDB likewise.
install -d -o mysql "$work/maria"
mariadb-install-db --user=mysql --datadir="$work/maria/data" >/dev/null 2>&1
mariadbd --no-defaults --user=mysql --datadir="$work/maria/data" --socket="$work/maria/socket" --skip-networking \
  --secure-file-priv='' --pid-file="$work/maria/pid" 2>"$work/maria/log" &
maria() {
  mariadb --no-defaults --socket="$work/maria/socket" --default-character-set=utf8mb4 "$@"
}
until maria -e 'SELECT 1' >/dev/null 2>&1; do sleep 0.2; done
{ echo "SET @folder = '$work';"; cat "$here/make.mariadb.sql"; } | maria
maria --batch -e 'SELECT * FROM writers.users' >mariadb.batch.tsv
maria --batch --raw -e 'SELECT * FROM writers.users' >mariadb.batch-raw.tsv
maria --batch -e 'SELECT user_id, user_created_at, HEX(photo) AS photo, "" AS note FROM writers.pictured' >mariadb.picture.hex.tsv
maria --batch -e "SELECT user_id, user_created_at, TO_BASE64(photo) AS photo, '' AS note FROM writers.pictured" >mariadb.picture.base64.tsv
maria --batch --binary-as-hex -e "SELECT user_id, user_created_at, photo, '' AS note FROM writers.pictured" >mariadb.picture.binary-as-hex.tsv
maria --batch --raw --skip-column-names \
  -e 'SELECT JSON_OBJECT("user_id", user_id, "user_created_at", user_created_at, "photo", photo, "note", note) FROM writers.users' \
  >mariadb.json-object.ndjson
maria -e SHUTDOWN
wait

rm -rf tools office pg maria table.json
rm -f "$here"/files/*
mkdir -p "$here/files"
cp ./* "$here/files/"
chmod 644 "$here"/files/*
cd "$here"
rm -rf "$work"
