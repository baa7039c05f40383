from django.db import migrations

from citong.core.sync.tables import TELL_CASES, TELL_NOTICES, TELL_OPERATIONS, TELL_REGISTER


class Migration(migrations.Migration):

    dependencies = [
        ('sync', '0001_initial'),
        ('cases', '0004_fewer_indexes'),
        ('notices', '0002_fewer_indexes'),
        ('register', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(TELL_CASES, migrations.RunSQL.noop),
        migrations.RunSQL(TELL_NOTICES, migrations.RunSQL.noop),
        migrations.RunSQL(TELL_REGISTER, migrations.RunSQL.noop),
        migrations.RunSQL(TELL_OPERATIONS, migrations.RunSQL.noop),
    ]
