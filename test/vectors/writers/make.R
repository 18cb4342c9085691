# Writes the table by R's own functions; jsonlite is none of them, so that the table comes as arguments.
table <- read.csv("r-input.csv", colClasses = "character", encoding = "UTF-8", na.strings = character())
write.csv(table, "r.csv", row.names = FALSE, fileEncoding = "UTF-8")
write.csv(table, "r.row-names.csv", fileEncoding = "UTF-8")
write.csv2(table, "r.csv2.csv", row.names = FALSE, fileEncoding = "UTF-8")
write.table(table, "r.write-table.tsv", sep = "\t", row.names = FALSE, fileEncoding = "UTF-8")
moments <- as.POSIXct(sub("Z$", "", table$user_created_at), format = "%Y-%m-%dT%H:%M:%OS", tz = "UTC")
write.csv(transform(table, user_created_at = moments), "r.posixct.csv", row.names = FALSE, fileEncoding = "UTF-8")
