<?php
// Writes the table by PHP's own functions.
$table = json_decode(file_get_contents('table.json'), true);
$names = $table['names'];
$rows = $table['rows'];
foreach ($rows as &$cells) {
    $cells[1] = (new DateTimeImmutable($cells[1]))->format('Y-m-d H:i:s.vP');
}
unset($cells);

function write(string $path, array $records, string ...$options): void
{
    $file = fopen($path, 'w');
    foreach ($records as $cells) {
        fputcsv($file, $cells, ...$options);
    }
    fclose($file);
}

write('php.csv', [$names, ...$rows], escape: '');
write('php.default-escape.csv', [$names, ...$rows]);
write('php.semicolon.csv', [$names, ...$rows], separator: ';', escape: '', eol: "\r\n");
$picture = base64_decode($table['picture']);
$pictured = fn (string $photo) => [$names, [$rows[0][0], $rows[0][1], $photo, $rows[0][3]]];
write('php.picture.data-uri.csv', $pictured('data:image/jpeg;base64,' . base64_encode($picture)), escape: '');
write('php.picture.chunk-split.csv', $pictured(chunk_split(base64_encode($picture))), escape: '');
write('php.picture.bin2hex.csv', $pictured(bin2hex($picture)), escape: '');
$objects = array_map(fn (array $cells) => array_combine($names, $cells), $rows);
file_put_contents('php.json', json_encode($objects));
file_put_contents('php.pretty.json', json_encode($objects, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE));
