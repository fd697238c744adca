"""Subqueries whose SQL is written once: Django takes a millisecond to write a few of them anew."""

from functools import cache

from django.core.exceptions import FieldError
from django.db.models import BooleanField, Field, Func, QuerySet, Value

ROW = "{the row outside}"  # no name of a table or column, so that it is mistaken for none


class OfRow(Value):
    """Within the queryset of a `Written`: its column of the row outside."""

    def __init__(self):
        super().__init__(ROW)

    def as_sql(self, compiler, connection):
        return ROW, []


class Written(Func):
    """The first value of the first row of `queryset`, which names the row outside by `OfRow()`.

    What `OuterRef` does, for a queryset that is otherwise always the same and does not read the
    table of the row outside: in SQL, that name would be its own.
    """

    template = "(%(written)s)"
    arity = 1

    def __init__(self, queryset: QuerySet, column: str, *, output_field: Field):
        super().__init__(column, output_field=output_field)
        self.queryset = queryset

    def as_sql(self, compiler, connection):
        (outside,) = self.source_expressions
        sql, params = _sql_of(self.queryset)
        if self.queryset.query.alias_refcount.get(outside.alias):
            raise FieldError(f"{outside.alias} is read within and outside")
        column, _none = compiler.compile(outside)
        return self.template % {"written": sql.replace(ROW, column)}, params


class WrittenExists(Written):
    """Whether `queryset` has a row."""

    template = "EXISTS(%(written)s)"

    def __init__(self, queryset: QuerySet, column: str):
        super().__init__(queryset.order_by().values("pk"), column, output_field=BooleanField())


@cache
def _sql_of(queryset: QuerySet) -> tuple[str, tuple]:
    return queryset.query.sql_with_params()
