// Writes the table by Go's own packages.
package main

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"time"
)

type table struct {
	Names   []string   `json:"names"`
	Rows    [][]string `json:"rows"`
	Picture []byte     `json:"picture"`
}

type row struct {
	UserID        string    `json:"user_id"`
	UserCreatedAt time.Time `json:"user_created_at"`
	Photo         any       `json:"photo"`
	Note          string    `json:"note"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func write(path string, records [][]string, set func(*csv.Writer)) {
	file, err := os.Create(path)
	check(err)
	writer := csv.NewWriter(file)
	set(writer)
	check(writer.WriteAll(records))
	check(file.Close())
}

func main() {
	text, err := os.ReadFile("table.json")
	check(err)
	var t table
	check(json.Unmarshal(text, &t))

	records := [][]string{t.Names}
	printed := [][]string{t.Names}
	var rows []row
	for _, cells := range t.Rows {
		at, err := time.Parse(time.RFC3339Nano, cells[1])
		check(err)
		records = append(records, []string{cells[0], at.Format(time.RFC3339Nano), cells[2], cells[3]})
		printed = append(printed, []string{cells[0], at.String(), cells[2], cells[3]})
		rows = append(rows, row{cells[0], at, cells[2], cells[3]})
	}
	write("go.csv", records, func(*csv.Writer) {})
	write("go.crlf.csv", records, func(w *csv.Writer) { w.UseCRLF = true })
	write("go.tsv", records, func(w *csv.Writer) { w.Comma = '\t' })
	write("go.time-string.csv", printed, func(*csv.Writer) {})

	first := records[1]
	pictured := func(photo string) [][]string {
		return [][]string{t.Names, {first[0], first[1], photo, first[3]}}
	}
	write("go.picture.base64.csv", pictured(base64.StdEncoding.EncodeToString(t.Picture)), func(*csv.Writer) {})
	write("go.picture.base64url.csv", pictured(base64.URLEncoding.EncodeToString(t.Picture)), func(*csv.Writer) {})
	write("go.picture.hex.csv", pictured(hex.EncodeToString(t.Picture)), func(*csv.Writer) {})

	list, err := json.MarshalIndent(rows, "", "\t")
	check(err)
	check(os.WriteFile("go.json", list, 0o644))
	lines, err := os.Create("go.ndjson")
	check(err)
	encoder := json.NewEncoder(lines)
	for _, r := range rows {
		check(encoder.Encode(r))
	}
	check(lines.Close())
	rows[0].Photo = t.Picture
	one, err := json.Marshal(rows[:1])
	check(err)
	check(os.WriteFile("go.picture.json", one, 0o644))
}
