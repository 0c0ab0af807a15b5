import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitations_and_handovers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInLimit',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeptForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('path', models.CharField(help_text='Where the form was sent.', max_length=2000)),
                ('page', models.CharField(help_text='Where the form stands.', max_length=2000)),
                ('fields', models.JSONField(help_text='Pairs of name and text, in their order.')),
                ('files', models.JSONField(default=list, help_text='Names of the files that came with it, which are lost.')),
                ('created_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='keptform',
            index=models.Index(fields=['user', '-created_at'], name='accounts_kept_form_user'),
        ),
    ]
