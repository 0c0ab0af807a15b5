from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_sign_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="employee_number",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Offered to the account to be made; forgotten with the decision.",
                max_length=30,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("employee_number", ""), _connector="OR"),
                name="accounts_invitation_number_while_open",
            ),
        ),
    ]
