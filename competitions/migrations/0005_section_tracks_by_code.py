from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0004_section_track_codes")]

    operations = [
        migrations.RemoveField(model_name="section", name="tracks"),
        migrations.RenameField(
            model_name="section", old_name="track_codes", new_name="tracks"
        ),
    ]
