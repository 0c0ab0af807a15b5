from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Search by parts of words and by words typed wrong."""

    initial = True
    dependencies = []
    operations = [TrigramExtension()]
