"""Alembic's entry point: the connection is handed over by `db.migrate`, already inside a transaction."""

from alembic import context

from db.models.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    # Without this a migration killed half-way stays half done on SQLite (reliability 2.10, alembic#1553).
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
