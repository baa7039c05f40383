from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('api', '0001_initial'), ('web', '0001_fleeting')]

    operations = [migrations.RemoveField('apikey', 'used')]
