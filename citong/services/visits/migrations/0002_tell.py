from django.db import migrations

from citong.services.visits.tables import SILENT, TELL


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0001_visits'),
        ('sync', '0001_initial'),
    ]

    operations = [migrations.RunSQL(TELL, SILENT)]
