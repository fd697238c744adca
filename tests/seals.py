"""Emptying the tables between tests, which the database refuses to everyone but their owner."""

from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
TABLES = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
WHERE NOT tgisinternal AND tgfoid = 'questions_refuse_change'::regproc
"""


@contextmanager
def unsealed():
    """Without the triggers that refuse; only the owner of the tables can take them off."""
    if connection.vendor == "postgresql":
        tables = [table for (table,) in rows_of(TABLES)]
        off = [
            "SET CONSTRAINTS ALL IMMEDIATE",  # what is pending forbids ALTER TABLE
            "SET CONSTRAINTS ALL DEFERRED",
            *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables),
        ]
        on = [*off[:2], *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables)]
    else:
        triggers = rows_of(TRIGGERS)
        off = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        on = [sql for _name, sql in triggers]
    with transaction.atomic():
        execute(off)
        yield
        execute(on)


def let_the_runner_flush():
    """Between tests that commit, Django empties every table."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unsealed_flush(operations, statements):
        with unsealed():
            flush(operations, statements)

    BaseDatabaseOperations.execute_sql_flush = unsealed_flush


def rows_of(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def execute(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
