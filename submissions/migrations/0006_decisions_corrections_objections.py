import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('competitions', '0007_check_options'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('submissions', '0005_files_links_exports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'Being corrected'), ('sent', 'Corrected'), ('lapsed', 'Not corrected in time'), ('ended', 'Ended')], default='open', max_length=20)),
                ('note', models.TextField()),
                ('due_at', models.DateTimeField(help_text='The closing moment is outside.')),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('submitted', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='Rows of what was submitted, until it is clear what counts.')),
                ('digest', models.CharField(help_text='Fingerprint of the same.', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='CorrectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('open', 'Being corrected'), ('sent', 'Corrected'), ('lapsed', 'Not corrected in time'), ('ended', 'Ended')], default='open', max_length=20)),
                ('note', models.TextField()),
                ('due_at', models.DateTimeField(help_text='The closing moment is outside.')),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(help_text='Fingerprint of the same.', max_length=64)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MachineCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('met', models.PositiveSmallIntegerField()),
                ('not_met', models.PositiveSmallIntegerField()),
                ('needs_look', models.PositiveSmallIntegerField()),
                ('outcomes', models.JSONField(default=dict, help_text='Of each requirement, by its code.')),
                ('checked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('filed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('filed', 'Waiting for the answer'), ('answered', 'Answer waits for the second person'), ('upheld', 'Accepted'), ('rejected', 'Not accepted')], default='filed', max_length=20)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('sent_back_note', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ObjectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.TextField()),
                ('filed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('filed', 'Waiting for the answer'), ('answered', 'Answer waits for the second person'), ('upheld', 'Accepted'), ('rejected', 'Not accepted')], default='filed', max_length=20)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('sent_back_note', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ObjectionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As the author called it.', max_length=150)),
                ('size', models.PositiveIntegerField(help_text='Bytes')),
                ('content_type', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('key', models.CharField(help_text='Its address.', max_length=24, unique=True)),
                ('uploaded_at', models.DateTimeField()),
                ('file', models.FileField(max_length=200, upload_to='objections/%Y/%m/')),
            ],
        ),
        migrations.CreateModel(
            name='ObjectionFileEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(help_text='As the author called it.', max_length=150)),
                ('size', models.PositiveIntegerField(help_text='Bytes')),
                ('content_type', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('key', models.CharField(help_text='Its address.', max_length=24)),
                ('uploaded_at', models.DateTimeField()),
                ('file', models.FileField(max_length=200, upload_to='objections/%Y/%m/')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScreeningResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed', models.PositiveIntegerField()),
                ('failed', models.PositiveIntegerField()),
                ('kept_back', models.JSONField(blank=True, default=list, help_text='Codes of the proposals whose result was not ready.')),
                ('kept_reason', models.TextField(blank=True)),
                ('published_at', models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='screening',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='screening',
            name='update_update',
        ),
        migrations.AddField(
            model_name='screening',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='screening',
            name='draft',
            field=models.JSONField(blank=True, default=dict, help_text='What stands in the form so far: verdict, reason and note by code.'),
        ),
        migrations.AddField(
            model_name='screening',
            name='draft_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='draft_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='screening',
            name='draft_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='screening',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='sent_back_note',
            field=models.TextField(blank=True, help_text='Why the second person did not confirm.'),
        ),
        migrations.AddField(
            model_name='screening',
            name='state',
            field=models.CharField(choices=[('draft', 'Being checked'), ('decided', 'Decided'), ('confirmed', 'Confirmed'), ('published', 'Published')], default='published', max_length=20),
        ),
        migrations.AddField(
            model_name='screening',
            name='told_at',
            field=models.DateTimeField(blank=True, help_text='When its institution was told the result.', null=True),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='draft',
            field=models.JSONField(blank=True, default=dict, help_text='What stands in the form so far: verdict, reason and note by code.'),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='draft_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='draft_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='draft_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='sent_back_note',
            field=models.TextField(blank=True, help_text='Why the second person did not confirm.'),
        ),
        migrations.AddField(
            model_name='screeningevent',
            name='state',
            field=models.CharField(choices=[('draft', 'Being checked'), ('decided', 'Decided'), ('confirmed', 'Confirmed'), ('published', 'Published')], default='draft', max_length=20),
        ),
        migrations.AlterField(
            model_name='screening',
            name='decided_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='screening',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='screening',
            name='passed',
            field=models.BooleanField(help_text='Of a draft: not decided yet.', null=True),
        ),
        migrations.AlterField(
            model_name='screeningevent',
            name='decided_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='screeningevent',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='screeningevent',
            name='passed',
            field=models.BooleanField(help_text='Of a draft: not decided yet.', null=True),
        ),
        migrations.AddIndex(
            model_name='screening',
            index=models.Index(condition=models.Q(('state', 'published'), ('told_at', None)), fields=['published_at'], name='submissions_screening_untold'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='screening',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{confirmed:draft,confirmed:published,decided:confirmed,decided:draft,decided:published,draft:decided,published:draft}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8eecd0681ac714c8032ffd83caf39819325b010b', operation='UPDATE', pgid='pgtrigger_state_moves_5fb0d', table='submissions_screening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='screening',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_screeningevent" ("confirmed_at", "confirmed_by_id", "decided_at", "decided_by_id", "draft", "draft_at", "draft_by_id", "draft_version", "id", "note", "passed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "published_at", "sent_back_note", "state") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."decided_at", NEW."decided_by_id", NEW."draft", NEW."draft_at", NEW."draft_by_id", NEW."draft_version", NEW."id", NEW."note", NEW."passed", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposal_id", NEW."published_at", NEW."sent_back_note", NEW."state"); RETURN NULL;', hash='e5f0d2570d82ef125ccc6e76f190f412e1bf5d44', operation='INSERT', pgid='pgtrigger_insert_insert_52532', table='submissions_screening', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='screening',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."draft" IS DISTINCT FROM (NEW."draft") OR OLD."draft_at" IS DISTINCT FROM (NEW."draft_at") OR OLD."draft_by_id" IS DISTINCT FROM (NEW."draft_by_id") OR OLD."draft_version" IS DISTINCT FROM (NEW."draft_version") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."passed" IS DISTINCT FROM (NEW."passed") OR OLD."proposal_id" IS DISTINCT FROM (NEW."proposal_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."sent_back_note" IS DISTINCT FROM (NEW."sent_back_note") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "submissions_screeningevent" ("confirmed_at", "confirmed_by_id", "decided_at", "decided_by_id", "draft", "draft_at", "draft_by_id", "draft_version", "id", "note", "passed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "published_at", "sent_back_note", "state") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."decided_at", NEW."decided_by_id", NEW."draft", NEW."draft_at", NEW."draft_by_id", NEW."draft_version", NEW."id", NEW."note", NEW."passed", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposal_id", NEW."published_at", NEW."sent_back_note", NEW."state"); RETURN NULL;', hash='cfeda814adb7428276c4383ba1e59a765571530f', operation='UPDATE', pgid='pgtrigger_update_update_ac2ee', table='submissions_screening', when='AFTER')),
        ),
        migrations.AddField(
            model_name='correction',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='submissions.proposal'),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.correction'),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='proposal',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.proposal'),
        ),
        migrations.AddField(
            model_name='machinecheck',
            name='proposal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='submissions.proposal'),
        ),
        migrations.AddField(
            model_name='objection',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='filed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='proposal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='submissions.proposal'),
        ),
        migrations.AddField(
            model_name='objectionevent',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objectionevent',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objectionevent',
            name='filed_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objectionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='objectionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.objection'),
        ),
        migrations.AddField(
            model_name='objectionevent',
            name='proposal',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.proposal'),
        ),
        migrations.AddField(
            model_name='objectionfile',
            name='objection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='submissions.objection'),
        ),
        migrations.AddField(
            model_name='objectionfile',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objectionfileevent',
            name='objection',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.objection'),
        ),
        migrations.AddField(
            model_name='objectionfileevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='objectionfileevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.objectionfile'),
        ),
        migrations.AddField(
            model_name='objectionfileevent',
            name='uploaded_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='screeningresult',
            name='announcement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='competitions.announcement'),
        ),
        migrations.AddField(
            model_name='screeningresult',
            name='published_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='screeningresult',
            name='round',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='competitions.round'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='submissions_correction_due'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('proposal',), name='submissions_correction_one_open'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('ended_at__isnull', False), _connector='XOR'), name='submissions_correction_ended_at_unless_open'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='submissions_correction_due_later'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='submissions_correction_says_what'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:ended,open:lapsed,open:sent}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='d8173190efe54b3190f76e1caebacf285654db70', operation='UPDATE', pgid='pgtrigger_state_moves_20de3', table='submissions_correction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_correctionevent" ("asked_at", "asked_by_id", "digest", "due_at", "ended_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "state") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."digest", NEW."due_at", NEW."ended_at", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposal_id", NEW."state"); RETURN NULL;', hash='a93f936d2cb24ebf30d75043cdcef887d86051ed', operation='INSERT', pgid='pgtrigger_insert_insert_ce1d5', table='submissions_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."proposal_id" IS DISTINCT FROM (NEW."proposal_id") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "submissions_correctionevent" ("asked_at", "asked_by_id", "digest", "due_at", "ended_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "state") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."digest", NEW."due_at", NEW."ended_at", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposal_id", NEW."state"); RETURN NULL;', hash='bfc7d206378b36ac34f4ebb305e7602b916f6259', operation='UPDATE', pgid='pgtrigger_update_update_ffcc1', table='submissions_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correctionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d21bd8a3aa84272e7bd6bf5b228a2cad93bc315f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c15c7', table='submissions_correctionevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='submissions_objection_says_something'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'filed'), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False), ('upheld__isnull', False)), _connector='OR'), name='submissions_objection_answer_says_why'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['filed', 'answered']), ('closed_at__isnull', False), _connector='XOR'), name='submissions_objection_closed_at_when_closed'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'upheld'), _negated=True), ('upheld', True), _connector='OR'), models.Q(models.Q(('state', 'rejected'), _negated=True), ('upheld', False), _connector='OR')), name='submissions_objection_closed_as_answered'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('answered_by')), _negated=True), _connector='OR'), name='submissions_objection_confirmed_by_another'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objection',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{answered:filed,answered:rejected,answered:upheld,filed:answered,filed:rejected,filed:upheld}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='0fc1f691fdfe1b32c7eb55543ef1187f079bf5f1', operation='UPDATE', pgid='pgtrigger_state_moves_0363c', table='submissions_objection', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objection',
            trigger=pgtrigger.compiler.Trigger(name='text_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."proposal_id" IS DISTINCT FROM (NEW."proposal_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."filed_by_id" IS DISTINCT FROM (NEW."filed_by_id") OR OLD."filed_at" IS DISTINCT FROM (NEW."filed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f3e957a930114360ce7f251b12e50624a498a76b', operation='UPDATE', pgid='pgtrigger_text_fixed_3ac86', table='submissions_objection', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objection',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_objectionevent" ("answer", "answered_at", "answered_by_id", "closed_at", "confirmed_by_id", "filed_at", "filed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "sent_back_note", "state", "text", "upheld") VALUES (NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."closed_at", NEW."confirmed_by_id", NEW."filed_at", NEW."filed_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposal_id", NEW."sent_back_note", NEW."state", NEW."text", NEW."upheld"); RETURN NULL;', hash='0cb98dbac9b488f73bae142d1f971ac4a4991db9', operation='INSERT', pgid='pgtrigger_insert_insert_ef8a7', table='submissions_objection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objection',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_objectionevent" ("answer", "answered_at", "answered_by_id", "closed_at", "confirmed_by_id", "filed_at", "filed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "sent_back_note", "state", "text", "upheld") VALUES (NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."closed_at", NEW."confirmed_by_id", NEW."filed_at", NEW."filed_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposal_id", NEW."sent_back_note", NEW."state", NEW."text", NEW."upheld"); RETURN NULL;', hash='3d9cc62275b594eacb5c0a7bd52a26cf37ebb0e4', operation='UPDATE', pgid='pgtrigger_update_update_3cfd5', table='submissions_objection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objectionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0b04cc5fcf88fb89ded4aa0336e894fbbcd43be6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_010ef', table='submissions_objectionevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='objectionfile',
            constraint=models.UniqueConstraint(fields=('objection', 'sha256'), name='submissions_objectionfile_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objectionfile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_objectionfileevent" ("content_type", "file", "id", "key", "name", "objection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."key", NEW."name", NEW."objection_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='9d54403c51652c5bd00d56445bbe676adea48ab6', operation='INSERT', pgid='pgtrigger_insert_insert_403a8', table='submissions_objectionfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objectionfile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_objectionfileevent" ("content_type", "file", "id", "key", "name", "objection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "uploaded_at", "uploaded_by_id") VALUES (NEW."content_type", NEW."file", NEW."id", NEW."key", NEW."name", NEW."objection_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sha256", NEW."size", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='4cb814652501d64f3c95343ec817e5f5215fd70b', operation='UPDATE', pgid='pgtrigger_update_update_99ac5', table='submissions_objectionfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objectionfileevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='49a20bb56fcbb53c30d258331dbaf29383cfa082', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_24643', table='submissions_objectionfileevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='screeningresult',
            constraint=models.CheckConstraint(condition=models.Q(('kept_back', []), models.Q(('kept_reason', ''), _negated=True), _connector='OR'), name='submissions_screeningresult_kept_back_says_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='screeningresult',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4450b404a67c94f1c7a1243c7fc38e2880983540', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87b4e', table='submissions_screeningresult', when='BEFORE')),
        ),
    ]
