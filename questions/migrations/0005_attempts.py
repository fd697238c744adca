from django.db import migrations, models


class Migration(migrations.Migration):
    """What was counted so far were links that do not exist."""

    dependencies = [
        ('questions', '0004_letters_out'),
    ]

    operations = [
        migrations.RenameModel(old_name='MissedLink', new_name='Attempt'),
        migrations.RemoveConstraint(model_name='attempt', name='missed_link_once_per_minute'),
        migrations.AddField(
            model_name='attempt',
            name='kind',
            field=models.CharField(choices=[('link', 'A link that does not exist'), ('code', 'A reply code that is not right'), ('again', 'A link asked for again')], default='link', max_length=5),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('address_digest', 'kind', 'minute'), name='attempt_once_per_minute'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['link', 'code', 'again'])), name='attempt_kind_known'),
        ),
    ]
