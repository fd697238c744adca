import django.db.models.deletion
from django.db import migrations, models

import questions.models.search

ON_POSTGRESQL = [
    # Without a list of pending entries: each change is dear once, and no search is slow for it.
    "CREATE INDEX search_tokens ON questions_searchentry USING gin (tokens) WITH (fastupdate = off)",
]
# FTS5 keeps no copy of the tokens; the triggers tell it of every change. Whoever changes the table
# in SQLite later makes them anew: Django copies the table, and its triggers go with the old one.
ON_SQLITE = [
    "CREATE VIRTUAL TABLE questions_searchentry_words USING fts5("
    "tokens, content='questions_searchentry', content_rowid='id', tokenize='ascii')",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON questions_searchentry BEGIN "
    "INSERT INTO questions_searchentry_words (rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER search_entry_deleted AFTER DELETE ON questions_searchentry BEGIN "
    "INSERT INTO questions_searchentry_words (questions_searchentry_words, rowid, tokens) "
    "VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE ON questions_searchentry BEGIN "
    "INSERT INTO questions_searchentry_words (questions_searchentry_words, rowid, tokens) "
    "VALUES ('delete', old.id, old.tokens); "
    "INSERT INTO questions_searchentry_words (rowid, tokens) VALUES (new.id, new.tokens); END",
]


def make_index(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in ON_POSTGRESQL if on_postgresql else ON_SQLITE:
        schema_editor.execute(statement, params=None)


def drop_index(apps, schema_editor):
    """PostgreSQL's goes with the table, and so do SQLite's triggers."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE questions_searchentry_words")


class Migration(migrations.Migration):

    dependencies = [
        ("questions", "0007_missions_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("question", "Question"), ("answer", "Answer")], max_length=8)),
                ("source", models.PositiveBigIntegerField(help_text="The key of the question or the response.")),
                ("moment", models.DateTimeField(help_text="When it was asked or received.")),
                ("month", models.PositiveIntegerField(help_text="Of the moment, in UTC, as in 202110.")),
                ("facets", models.TextField(help_text="Tokens too: what the counts beside the hits count.")),
                ("tokens", questions.models.search.TokensField()),
                ("question", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="questions.question")),
                ("response", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="questions.response")),
            ],
            options={
                "verbose_name_plural": "search entries",
                "indexes": [models.Index(fields=["kind", "month"], name="search_kind_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "source"), name="search_entry_once"),
                    models.CheckConstraint(condition=models.Q(models.Q(("kind", "question"), ("response", None), ("source", models.F("question"))), models.Q(("kind", "answer"), ("response__isnull", False), ("source", models.F("response"))), _connector="OR"), name="search_entry_names_its_source"),
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index, elidable=False),
    ]
