from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("questions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="state",
            name="group_note",
            field=models.CharField(
                blank=True,
                help_text="Where membership of the group has a condition.",
                max_length=200,
            ),
        ),
        migrations.AlterField(
            model_name="candidacy",
            name="at_event",
            field=models.BooleanField(
                blank=True,
                default=True,
                help_text="Unknown where no source says so.",
                null=True,
                verbose_name="candidate when the event was held",
            ),
        ),
    ]
