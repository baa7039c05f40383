from django.db import migrations

from citong.core.ledger.tables import SEAL_APART, SEAL_ALWAYS


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_seal'),
    ]

    operations = [
        migrations.RunSQL(SEAL_APART, SEAL_ALWAYS),
    ]
