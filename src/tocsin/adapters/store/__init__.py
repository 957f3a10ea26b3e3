"""The node's store: one connection over two drivers, tables in tables.sql, statements in plain SQL, one file per noun."""
