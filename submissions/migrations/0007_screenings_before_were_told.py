from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def note_as_told(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Until now a decision was told the moment it was made."""
    apps.get_model("submissions", "Screening").objects.update(
        published_at=F("decided_at"), told_at=F("decided_at")
    )


class Migration(migrations.Migration):
    dependencies = [("submissions", "0006_decisions_corrections_objections")]

    operations = [migrations.RunPython(note_as_told, migrations.RunPython.noop)]
