-- What looks damaged in a row that can be sent all the same: a person has to look at it before it is.
ALTER TABLE import_rows ADD COLUMN warning TEXT;
