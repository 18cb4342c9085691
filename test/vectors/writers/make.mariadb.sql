-- Writes the table by MariaDB. make.sh sets @folder, which the server may write into.
SET NAMES utf8mb4;
SET time_zone = '+00:00';
CREATE OR REPLACE DATABASE writers CHARACTER SET utf8mb4;
USE writers;
SET @content = CONVERT(LOAD_FILE(CONCAT(@folder, '/table.json')) USING utf8mb4);
CREATE TABLE users AS
  SELECT user_id, CAST(REPLACE(REPLACE(moment, 'T', ' '), 'Z', '') AS DATETIME(1)) AS user_created_at, photo, note
  FROM JSON_TABLE(@content, '$.rows[*]' COLUMNS (
    user_id TEXT PATH '$[0]', moment TEXT PATH '$[1]', photo TEXT PATH '$[2]', note TEXT PATH '$[3]'
  )) AS source;
CREATE TABLE pictured AS
  SELECT user_id, user_created_at, FROM_BASE64(JSON_VALUE(@content, '$.picture')) AS photo, note
  FROM users WHERE user_id = '007';
SET @header = "SELECT 'user_id', 'user_created_at', 'photo', 'note' UNION ALL SELECT ";
SET @columns = 'user_id, user_created_at, photo, note FROM users';
SET @csv = "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"'";
EXECUTE IMMEDIATE CONCAT(@header, @columns, " INTO OUTFILE '", @folder, "/mariadb.outfile.csv' ", @csv, " ESCAPED BY '\"'");
EXECUTE IMMEDIATE CONCAT(@header, @columns, " INTO OUTFILE '", @folder, "/mariadb.outfile-backslash.csv' ", @csv);
EXECUTE IMMEDIATE CONCAT(@header, @columns, " INTO OUTFILE '", @folder, "/mariadb.outfile.tsv'");
