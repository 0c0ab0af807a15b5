from django.db import migrations, models

KINDS = [
    ("certificate", "Certificate"),
    ("receipt", "Receipt"),
    ("attendance", "Attendance list"),
    ("feedback", "Feedback letter"),
    ("minutes", "Minutes"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0004_feedback_letters"),
    ]

    operations = [
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
    ]
