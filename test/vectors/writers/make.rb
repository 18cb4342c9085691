# Writes the table by Ruby's own libraries.
require 'base64'
require 'csv'
require 'json'
require 'time'

table = JSON.parse(File.read('table.json'))
names = table['names']
rows = table['rows'].map { |id, date, photo, note| [id, Time.parse(date), photo, note] }
write = ->(path, records, **options) { File.write(path, records.map { |cells| CSV.generate_line(cells, **options) }.join) }

# A Time is written as "2021-05-18 15:14:43 UTC", without its fraction.
write.call('ruby.csv', [names, *rows])
write.call('ruby.force-quotes.csv', [names, *rows.map { |id, date, *cells| [id, date.iso8601(3), *cells] }], force_quotes: true, row_sep: "\r\n")
write.call('ruby.tsv', [names, *rows.map { |id, date, *cells| [id, date.localtime('+05:30').strftime('%F %T.%L %z'), *cells] }], col_sep: "\t")
# pack('m') is what Rails and others write of bytes: lines of 60.
picture = Base64.decode64(table['picture'])
id, date, _, note = rows[0]
write.call('ruby.picture.pack-m.csv', [names, [id, date, [picture].pack('m'), note]])
objects = rows.map { |cells| names.zip(cells).to_h }
File.write('ruby.json', JSON.generate(objects))
File.write('ruby.pretty.json', JSON.pretty_generate(objects))
