from django.db import migrations

# What a State sent, and a published note of the register, are never edited (security.md 49). After
# the update, so that what is wrong in itself is refused for that. An answer that waits for its words
# to be typed from a file gets them once.
# Whoever changes one of these tables later: SQLite copies the table, and its triggers go with the
# old one; a test looks that they are there.
WORDS = ["text", "text_as_typed", "language"]
PLACE = ["kind", "slot_id", "submission_id", "redacts_id", "amendment_reason"]
SENDING = ["candidacy_id", "number", "channel", "received_at", "due_at", "text_sha256", "form_key"]
NOTE = [
    *("kind", "event_id", "candidacy_id", "question_id", "slot_id", "response_id", "attachment_id"),
    *("page", "ground", "corrected_on", "what_was_wrong", "what_changed", "reason"),
    *("published_at", "published_by_id"),
]


def changed(fields):
    return " OR ".join(f"old.{field} IS DISTINCT FROM new.{field}" for field in fields)


WAITS = "old.text = '' AND old.kind <> 'declined'"
# name: table, columns, when it is refused
SEALED = {
    "response_sealed": (
        "questions_response",
        [*WORDS, *PLACE],
        f"({changed(PLACE)}) OR ({changed(WORDS)}) AND NOT ({WAITS})",
    ),
    "submission_sealed": ("questions_submission", SENDING, changed(SENDING)),
    "correction_sealed": (
        "questions_correction",
        NOTE,
        f"old.published_at IS NOT NULL AND ({changed(NOTE)})",
    ),
}
REFUSES = """
CREATE FUNCTION questions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: what is sealed is not changed', TG_NAME USING ERRCODE = '23000';
END $$
"""


def seal(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(REFUSES, params=None)
        act = "EXECUTE FUNCTION questions_refuse_change()"
    for name, (table, columns, when) in SEALED.items():
        if not on_postgresql:
            # IS DISTINCT FROM came with SQLite 3.39
            when = when.replace("IS DISTINCT FROM", "IS NOT")
            act = f"BEGIN SELECT RAISE(ABORT, '{name}: what is sealed is not changed'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON {table} "
            f"FOR EACH ROW WHEN ({when}) {act}",
            params=None,
        )


def unseal(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, (table, _columns, _when) in SEALED.items():
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION questions_refuse_change()")


class Migration(migrations.Migration):

    dependencies = [
        ("questions", "0015_redactions"),
    ]

    operations = [migrations.RunPython(seal, unseal)]
