from django.db import migrations, models

from citong.core.ledger.tables import INSERT_ONLY


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_sealed_along'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('checkpoint', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('authority', models.CharField(max_length=300)),
                ('token', models.BinaryField()),
            ],
        ),
        migrations.RunSQL(INSERT_ONLY.format(table='ledger_stamp')),
    ]
