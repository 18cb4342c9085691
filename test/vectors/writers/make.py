"""Writes the table by Python's own modules and by pandas. The folder to write into is the current one."""
import base64
import csv
import json

import pandas

with open('table.json', encoding='utf-8') as file:
    table = json.load(file)
names = table['names']
rows = [dict(zip(names, row)) for row in table['rows']]
picture = base64.b64decode(table['picture'])
pictured = {**rows[0], 'photo': picture}


def write(path, dialect='excel', newline='', **options):
    with open(path, 'w', encoding='utf-8', newline=newline) as file:
        writer = csv.DictWriter(file, names, dialect=dialect, **options)
        writer.writeheader()
        writer.writerows(rows)


write('python.csv')
write('python.unix-dialect.csv', 'unix')
write('python.excel-tab.tsv', 'excel-tab')
# What Windows makes of a file that was opened without newline='': each LF becomes CR LF.
write('python.windows-newlines.csv', newline='\r\n')
write('python.backslashes.csv', doublequote=False, escapechar='\\')
with open('python.picture.base64-wrapped.csv', 'w', encoding='utf-8', newline='') as file:
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerow({**pictured, 'photo': base64.encodebytes(picture).decode()})
with open('python.picture.repr.csv', 'w', encoding='utf-8', newline='') as file:
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerow(pictured)
with open('python.json', 'w', encoding='utf-8') as file:
    json.dump(rows, file)
with open('python.lines.ndjson', 'w', encoding='utf-8') as file:
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + '\n')

frame = pandas.DataFrame(rows)
frame['user_created_at'] = pandas.to_datetime(frame['user_created_at'], utc=True)
frame.to_csv('pandas.csv', index=False)
frame.to_csv('pandas.index.csv')
frame.to_csv('pandas.utf16.tsv', index=False, sep='\t', encoding='utf-16')
frame.to_csv('pandas.utf-8-sig.semicolon.csv', index=False, sep=';', encoding='utf-8-sig', quoting=csv.QUOTE_ALL)
frame.to_json('pandas.iso.json', orient='records', date_format='iso')
frame.to_json('pandas.iso.ndjson', orient='records', date_format='iso', lines=True)
frame.to_json('pandas.epoch.json', orient='records')
pandas.DataFrame([pictured]).to_csv('pandas.picture.repr.csv', index=False)
zoneless = frame.assign(user_created_at=frame['user_created_at'].dt.tz_localize(None))
zoneless.to_excel('pandas.openpyxl.xlsx', index=False, engine='openpyxl')
zoneless.to_excel('pandas.xlsxwriter.xlsx', index=False, engine='xlsxwriter')
