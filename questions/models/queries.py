"""Queries whose SQL is written once: Django takes milliseconds to write a large one anew.

What is kept holds no data: what changes from one reading to the next is `Given`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from typing import Any, Self

from django.db import connection, connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.base import ModelState


class Given(Value):
    """In the queryset of a `WrittenQuery`: what is given by this name when it is read.

    It goes to the database as it is, or as `output_field` prepares it.
    """

    def __init__(self, name: str, output_field: Field | None = None):
        super().__init__(name, output_field=output_field)
        self.prepared_by = output_field

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def written(self, sql: str, given: dict[str, Any], connection) -> tuple[str, Iterable]:
        """The SQL for what is given, and the parameters that take its place."""
        value, field = given[self.value], self.prepared_by
        return sql, [field.get_db_prep_value(value, connection) if field else value]


class GivenKeys(Given):
    """After `in`: as many keys as are given; where none are, it finds nothing."""

    @property
    def place(self) -> str:
        return f"{{the keys of {self.value}}}"

    def as_sql(self, compiler, connection):
        return f"({self.place})", [self]

    def written(self, sql, given, connection):
        keys = given[self.value]
        return sql.replace(self.place, ", ".join(["%s"] * len(keys)) or "NULL"), keys


class WrittenQuery:
    """A queryset of instances. Of what its rows are joined to, those that are one are one."""

    def __init__(self, queryset: QuerySet):
        self.database = queryset.db
        compiler = queryset.query.get_compiler(self.database)
        self.sql, self.params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        compiler.connection = compiler.connection.copy()  # no thread's own, and never opened
        self.converters = compiler.get_converters(columns)
        self.instances = Instances(compiler.klass_info, columns, self.database)
        self.instances.values |= compiler.annotation_col_map

    def read(self, **given: Any) -> list[Model]:
        """In one query, with a value for each `Given`."""
        known: dict = {}
        return [self.instances.made(row, known) for row in self.rows(given)]

    def by_key(self, keys: Sequence[int]) -> dict[int, Model]:
        """As `in_bulk` gives the rows of `GivenKeys("keys")`; without keys nothing is asked."""
        return {row.pk: row for row in self.read(keys=keys)} if keys else {}

    def rows(self, given: dict[str, Any]) -> list[list]:
        connection = connections[self.database]
        sql, params = self.sql, []
        for param in self.params:
            if isinstance(param, Given):
                sql, written = param.written(sql, given, connection)
                params += written
            else:
                params.append(param)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = [list(row) for row in cursor.fetchall()]
        for place, (converters, column) in self.converters.items():
            for convert, row in product(converters, rows):
                row[place] = convert(row[place], column, connection)
        return rows


class Instances:
    """How those of one model are made of a row, and those that they are joined to."""

    def __init__(self, klass_info: dict[str, Any], columns: list, database: str):
        self.model, self.database = klass_info["model"], database
        self.values = {columns[at].target.attname: at for at in klass_info["select_fields"]}
        self.key = self.values[self.model._meta.pk.attname]
        self.joined = [
            (joined["local_setter"], Instances(joined, columns, database))
            for joined in klass_info.get("related_klass_infos", [])
        ]

    def made(self, row: Sequence, known: dict[tuple[Self, Any], Model]) -> Model | None:
        """Of this row; none where there is nothing to join it to.

        As pickle makes them, which takes a fifth of what `from_db` does: a field is deferred that
        is not among the values.
        """
        key = row[self.key]
        if key is None:
            return None
        if (found := known.get((self, key))) is None:
            known[self, key] = found = self.model.__new__(self.model)
            found._state = state = ModelState()
            state.adding, state.db = False, self.database
            vars(found).update({name: row[place] for name, place in self.values.items()})
            for set_joined, joined in self.joined:
                set_joined(found, joined.made(row, known))
        return found


def rows_of(make: Callable[[], QuerySet]) -> list[tuple]:
    """What `make().values_list(…)` gives, for texts and numbers: these need no conversion."""
    with connection.cursor() as cursor:
        cursor.execute(*_sql_of_rows(make))
        return cursor.fetchall()


@cache
def _sql_of_rows(make: Callable[[], QuerySet]) -> tuple[str, tuple]:
    return make().query.sql_with_params()
