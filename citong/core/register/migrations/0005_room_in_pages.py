"""Each visit and each word moves a record's history on; with room in its page no index hears of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('register', '0004_keys_at_once')]
    operations = [
        migrations.RunSQL(
            'ALTER TABLE register_record SET (fillfactor = 80)', 'ALTER TABLE register_record RESET (fillfactor)'
        )
    ]
