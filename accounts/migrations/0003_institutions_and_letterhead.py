import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_personal_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to='accounts.institution')),
                ('name', models.CharField(max_length=150)),
                ('short_name', models.CharField(max_length=60)),
                ('until_date', models.DateField(help_text='The last day of this name.')),
                ('reason', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='InstitutionImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('government', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='accounts.government')),
                ('file_name', models.CharField(max_length=150)),
                ('table', models.JSONField()),
                ('report', models.JSONField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='government',
            name='emblem',
            field=models.CharField(blank=True, help_text='SHA-256 of its PNG, see accounts.emblems; papers name it too.', max_length=64),
        ),
        migrations.AddField(
            model_name='government',
            name='protection_officer_contact',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='government',
            name='protection_officer_name',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='signatory',
            name='key',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='signatory',
            name='ended_date',
            field=models.DateField(blank=True, help_text='The last day in office; none while it lasts.', null=True),
        ),
        migrations.AlterField(
            model_name='institution',
            name='path',
            field=models.CharField(editable=False, help_text='Codes from the top of the tree, each ended by a slash. Who has a successor stands below it, marked by a less-than sign.', max_length=500),
        ),
        migrations.AddConstraint(
            model_name='government',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('pk')), _negated=True), name='accounts_government_not_above_itself'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9A-Za-z][0-9A-Za-z._-]*$')), name='accounts_institution_code_fits_paths'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('short_name', ''), _negated=True)), name='accounts_institution_kind_and_names_filled'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('pk')), _negated=True), name='accounts_institution_not_below_itself'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), models.Q(models.Q(('successor', models.F('pk')), _negated=True), ('active_to__isnull', False)), _connector='OR'), name='accounts_institution_successor_of_ended_one'),
        ),
        migrations.AddConstraint(
            model_name='signatory',
            constraint=models.CheckConstraint(condition=models.Q(('is_default', False), ('ended_date', None), _connector='OR'), name='accounts_signatory_default_is_in_office'),
        ),
        migrations.AddConstraint(
            model_name='formername',
            constraint=models.UniqueConstraint(fields=('institution', 'until_date'), name='accounts_formername_one_a_day'),
        ),
        migrations.AddConstraint(
            model_name='institutionimport',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='accounts_institutionimport_expires_later'),
        ),
    ]
