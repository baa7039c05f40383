"""Signal operators and officers on the road."""

from django.db import migrations, models

POSTS = [
    ("resident", "Resident"), ("grid_worker", "Grid worker"), ("clerk", "Intake clerk"), ("dispatcher", "Dispatcher"),
    ("handler", "Handler"), ("verifier", "Verifier"), ("supervisor", "Supervisor"), ("mediator", "Mediator"),
    ("head", "Head of a mediation body"), ("judge", "Judge"), ("operator", "Signal operator"),
    ("officer", "Officer on the road"), ("administrator", "Administrator"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("people", "0002_posts_of_mediation")]

    operations = [
        migrations.AlterField(
            model_name=model, name="post", field=models.CharField(choices=POSTS, max_length=20)
        )
        for model in ("appointment", "duty")
    ]
