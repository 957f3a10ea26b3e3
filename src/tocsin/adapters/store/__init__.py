"""The node's store: tables and statements in SQLAlchemy Core, one file per noun."""
