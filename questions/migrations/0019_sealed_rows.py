from django.db import migrations, models
import django.db.models.deletion

# What is sealed is not deleted either, nor is who entered and who published it changed; published
# translations and files that were sent are sealed as well. Whoever changes one of these tables
# later: SQLite copies the table, and its triggers go with the old one; a test looks that they are
# there.
NOTE = [
    *("kind", "event_id", "candidacy_id", "question_id", "slot_id", "response_id", "attachment_id"),
    *("page", "ground", "corrected_on", "what_was_wrong", "what_changed", "reason", "entered_at"),
    *("published_at", "published_by_id", "by_one_person"),
]
TRANSLATION = [
    *("language", "text", "kind", "made_by", "made_on", "entered_at"),
    *("published_at", "published_by_id", "by_one_person"),
]
FILE = ["candidacy_id", "submission_id", "number", "sha256", "size", "stored_as", "uploaded_by_id"]


def changed(fields):
    return " OR ".join(f"old.{field} IS DISTINCT FROM new.{field}" for field in fields)


# name: table, columns, when it is refused
NOT_CHANGED = {
    "correction_sealed": (
        "questions_correction",
        [*NOTE, "entered_by_id", "replaces_id"],
        f"{changed(['entered_by_id', 'replaces_id'])}"
        f" OR old.published_at IS NOT NULL AND ({changed(NOTE)})",
    ),
    "translation_sealed": (
        "questions_translation",
        [*TRANSLATION, "entered_by_id", "response_id", "question_id"],
        f"{changed(['entered_by_id', 'response_id', 'question_id'])}"
        f" OR old.published_at IS NOT NULL AND ({changed(TRANSLATION)})",
    ),
    "response_entered_by": (
        "questions_response",
        ["entered_by_id"],
        f"old.entered_by_id IS NOT NULL AND ({changed(['entered_by_id'])})",
    ),
    "attachment_sealed": (
        "questions_attachment",
        FILE,
        f"old.submission_id IS NOT NULL AND ({changed(FILE)})",
    ),
}
# name: table, when deleting is refused
KEPT = {
    "response_kept": ("questions_response", "true"),
    "submission_kept": ("questions_submission", "true"),
    # One that takes the place of another hides it: without it the words would be public again.
    "correction_kept": (
        "questions_correction",
        "old.published_at IS NOT NULL OR old.replaces_id IS NOT NULL",
    ),
    "translation_kept": ("questions_translation", "old.published_at IS NOT NULL"),
    "attachment_kept": ("questions_attachment", "old.submission_id IS NOT NULL"),
}


def on_postgresql(schema_editor):
    return schema_editor.connection.vendor == "postgresql"


def refuse(schema_editor, name, table, event, when):
    act = "EXECUTE FUNCTION questions_refuse_change()"
    if not on_postgresql(schema_editor):
        # IS DISTINCT FROM came with SQLite 3.39
        when = when.replace("IS DISTINCT FROM", "IS NOT")
        act = f"BEGIN SELECT RAISE(ABORT, '{name}: what is sealed is not changed'); END"
    schema_editor.execute(
        f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW WHEN ({when}) {act}", params=None
    )


def drop(schema_editor, name, table):
    where = f" ON {table}" if on_postgresql(schema_editor) else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{where}", params=None)


def seal(apps, schema_editor):
    for name, (table, columns, when) in NOT_CHANGED.items():
        drop(schema_editor, name, table)
        refuse(schema_editor, name, table, f"AFTER UPDATE OF {', '.join(columns)}", when)
    for name, (table, when) in KEPT.items():
        refuse(schema_editor, name, table, "BEFORE DELETE", when)
        if on_postgresql(schema_editor):  # TRUNCATE asks no trigger of a row
            schema_editor.execute(
                f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
                " EXECUTE FUNCTION questions_refuse_change()",
                params=None,
            )


def unseal(apps, schema_editor):
    for name, (table, _when) in KEPT.items():
        drop(schema_editor, name, table)
        if on_postgresql(schema_editor):
            drop(schema_editor, f"{name}_whole", table)
    for name, (table, _columns, _when) in NOT_CHANGED.items():
        drop(schema_editor, name, table)


def seal_as_before(apps, schema_editor):
    """Going back, last of all: the seal that this migration widened."""
    before = [field for field in NOTE if field not in {"entered_at", "by_one_person"}]
    refuse(
        schema_editor,
        "correction_sealed",
        "questions_correction",
        f"AFTER UPDATE OF {', '.join(before)}",
        f"old.published_at IS NOT NULL AND ({changed(before)})",
    )


class Migration(migrations.Migration):

    dependencies = [
        ("questions", "0018_alert_askers_and_turns"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, seal_as_before),
        migrations.AddField(
            model_name="correction",
            name="replaces",
            field=models.OneToOneField(
                editable=False,
                help_text="The published note from which words were taken out to make this one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacement",
                to="questions.correction",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="correction",
            name="correction_published_by_another",
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("kind", "note"), _negated=True), ("replaces__isnull", True)),
                    ("published_by__isnull", True),
                    ("by_one_person", True),
                    models.Q(("published_by", models.F("entered_by")), _negated=True),
                    _connector="OR",
                ),
                name="correction_published_by_another",
            ),
        ),
        migrations.RunPython(seal, unseal),
    ]
