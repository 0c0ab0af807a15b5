import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("certificate", "Certificate"),
    ("finalist", "Certificate of a finalist"),
    ("participant", "Certificate of a participant"),
    ("juror", "Certificate of a juror"),
    ("committee", "Certificate of the committee"),
    ("presence", "Certificate of attendance"),
    ("receipt", "Receipt"),
    ("attendance", "Attendance list"),
    ("feedback", "Feedback letter"),
    ("minutes", "Minutes"),
    ("decree", "Decree"),
    ("announcement", "Announcement"),
    ("letter", "Letter"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_number_of_the_invited"),
        ("documents", "0005_minutes"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberPattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=40, verbose_name="kind")),
                ("pattern", models.CharField(help_text="As documents.numbering reads.", max_length=60)),
                ("unit", models.CharField(blank=True, help_text="What {unit} stands for, as in OR.", max_length=20)),
                ("government", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.government")),
            ],
        ),
        migrations.AddConstraint(
            model_name="numberpattern",
            constraint=models.UniqueConstraint(fields=("government", "kind"), name="documents_numberpattern_once"),
        ),
        migrations.AlterField(
            model_name="issueddocument",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=40, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="issueddocumentevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=40, verbose_name="kind"),
        ),
        migrations.AddIndex(
            model_name="issueddocument",
            index=models.Index(condition=models.Q(("rendered_at", None), ("state", "issued")), fields=["batch", "attempts", "id"], name="documents_batch_unrendered"),
        ),
    ]
