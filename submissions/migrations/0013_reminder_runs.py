import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("competitions", "0010_closings_put_off"),
        ("submissions", "0012_nearest_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReminderRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_from", models.DateTimeField()),
                ("ran_at", models.DateTimeField()),
                ("told", models.PositiveIntegerField(help_text="How many people were told.")),
                ("was_passed", models.BooleanField(default=False, help_text="A later one was due already, and was told instead.")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="competitions.reminderplan")),
            ],
        ),
        migrations.AddConstraint(
            model_name="reminderrun",
            constraint=models.UniqueConstraint(fields=("plan", "counted_from"), name="submissions_reminderrun_once"),
        ),
        migrations.RemoveConstraint(
            model_name="reminder", name="submissions_reminder_once"
        ),
        migrations.RenameField(
            model_name="reminder", old_name="closes_at", new_name="counted_from"
        ),
        migrations.AlterField(
            model_name="reminder",
            name="counted_from",
            field=models.DateTimeField(help_text="The closing or opening: an extension makes it due again."),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="hours_before",
            field=models.PositiveSmallIntegerField(
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(2160),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="stage",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="competitions.stage"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="plan",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="competitions.reminderplan"),
        ),
    ]
