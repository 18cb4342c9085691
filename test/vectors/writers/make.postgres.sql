-- Writes the table by Postgres' COPY. The variable `table` of psql is the content of table.json.
SET TIME ZONE 'UTC';
CREATE TEMP TABLE source AS SELECT :'table'::jsonb AS content;
CREATE TEMP TABLE users AS
  SELECT line ->> 0 AS user_id, (line ->> 1)::timestamptz AS user_created_at, line ->> 2 AS photo, line ->> 3 AS note
  FROM source, jsonb_array_elements(content -> 'rows') WITH ORDINALITY AS lines(line, place) ORDER BY place;
CREATE TEMP TABLE pictured AS
  SELECT user_id, user_created_at, decode(content ->> 'picture', 'base64') AS photo, note
  FROM users, source WHERE user_id = '007';

\copy users TO 'postgres.csv' (FORMAT csv, HEADER)
\copy users TO 'postgres.force-quote.csv' (FORMAT csv, HEADER, FORCE_QUOTE *)
\copy users TO 'postgres.semicolon.csv' (FORMAT csv, HEADER, DELIMITER ';')
\copy users TO 'postgres.text.tsv' (FORMAT text, HEADER)
\copy pictured TO 'postgres.picture.bytea.csv' (FORMAT csv, HEADER)
\copy (SELECT user_id, user_created_at, photo, '' AS note FROM pictured) TO 'postgres.picture.text.tsv' (FORMAT text, HEADER)
\copy (SELECT user_id, user_created_at, encode(photo, 'base64') AS photo, '' AS note FROM pictured) TO 'postgres.picture.base64-text.tsv' (FORMAT text, HEADER)
\copy (SELECT user_id, user_created_at, encode(photo, 'base64') AS photo, note FROM pictured) TO 'postgres.picture.base64.csv' (FORMAT csv, HEADER)
SET bytea_output = 'escape';
\copy pictured TO 'postgres.picture.escape.csv' (FORMAT csv, HEADER)
SET bytea_output = 'hex';
SET TIME ZONE 'Asia/Kolkata';
\copy users TO 'postgres.kolkata.csv' (FORMAT csv, HEADER)
SET TIME ZONE 'America/St_Johns';
\copy users TO 'postgres.st-johns.csv' (FORMAT csv, HEADER)
SET TIME ZONE 'UTC';
SET DateStyle = 'German';
\copy users TO 'postgres.german.csv' (FORMAT csv, HEADER)
SET DateStyle = 'SQL, MDY';
\copy users TO 'postgres.sql-mdy.csv' (FORMAT csv, HEADER)
SET DateStyle = 'ISO';

-- What psql prints itself.
\pset format csv
\o postgres.psql.csv
SELECT * FROM users;
\pset format unaligned
\pset tuples_only
\o postgres.row-to-json.ndjson
SELECT row_to_json(users) FROM users;
\o postgres.json-agg.json
SELECT json_agg(users) FROM users;
\o postgres.picture.json
SELECT json_agg(pictured) FROM pictured;
\o
