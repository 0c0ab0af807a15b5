import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("submissions", "0014_reminders_of_plans"),
    ]

    operations = [
        migrations.RemoveField(model_name="reminder", name="hours_before"),
        migrations.RemoveField(model_name="reminder", name="stage"),
        migrations.AlterField(
            model_name="reminder",
            name="plan",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="competitions.reminderplan"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("plan", "user", "counted_from"), name="submissions_reminder_once"),
        ),
    ]
