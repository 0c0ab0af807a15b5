import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("innovations", "0002_achievements")]

    operations = [
        migrations.AddField(
            model_name="achievement",
            name="public_from",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="Before it the portal knows nothing.",
            ),
            preserve_default=False,
        ),
    ]
