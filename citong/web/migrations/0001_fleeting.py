from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Fleeting',
            fields=[
                ('key', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('value', models.JSONField(null=True)),
                ('until', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['until'], name='fleeting_until')],
            },
        ),
        migrations.RunSQL('ALTER TABLE web_fleeting SET UNLOGGED', 'ALTER TABLE web_fleeting SET LOGGED'),
    ]
