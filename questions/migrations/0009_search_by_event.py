from importlib import import_module

from django.db import migrations, models

search = import_module("questions.migrations.0008_search")


def drop_words(apps, schema_editor):
    """Before SQLite changes the table; PostgreSQL keeps its index."""
    if schema_editor.connection.vendor != "postgresql":
        for trigger in ("added", "deleted", "changed"):
            schema_editor.execute(f"DROP TRIGGER search_entry_{trigger}")
        search.drop_index(apps, schema_editor)


def make_words(apps, schema_editor):
    """After it, with the triggers that went with the old table."""
    if schema_editor.connection.vendor != "postgresql":
        search.make_index(apps, schema_editor)
        schema_editor.execute(
            "INSERT INTO questions_searchentry_words (questions_searchentry_words) VALUES ('rebuild')"
        )


class Migration(migrations.Migration):
    """Entries from before have no event until `rebuild_search_index` has run."""

    dependencies = [
        ("questions", "0008_search"),
    ]

    operations = [
        migrations.RunPython(drop_words, make_words, elidable=False),
        migrations.AddField(
            model_name="searchentry",
            name="event",
            field=models.CharField(default="", help_text="Its slug.", max_length=20),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "event", "month"], name="search_kind_event_month"),
        ),
        migrations.RunPython(make_words, drop_words, elidable=False),
    ]
