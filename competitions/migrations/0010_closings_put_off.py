import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0009_plans_from_hours'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='stage',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='stage',
            name='update_update',
        ),
        migrations.RemoveField(
            model_name='stage',
            name='reminder_hours',
        ),
        migrations.RemoveField(
            model_name='stageevent',
            name='reminder_hours',
        ),
        migrations.AddField(
            model_name='stage',
            name='closing_set_at',
            field=models.DateTimeField(help_text='When the closing was last put off: no reminder goes back behind it.', null=True),
        ),
        migrations.AddField(
            model_name='stageevent',
            name='closing_set_at',
            field=models.DateTimeField(help_text='When the closing was last put off: no reminder goes back behind it.', null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "competitions_stageevent" ("changed_at", "closes_at", "closing_set_at", "id", "kind", "name", "opens_at", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "round_id", "sequence") VALUES (NEW."changed_at", NEW."closes_at", NEW."closing_set_at", NEW."id", NEW."kind", NEW."name", NEW."opens_at", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."round_id", NEW."sequence"); RETURN NULL;', hash='4599f031d2decebc84d5604ec280b401da87c308', operation='INSERT', pgid='pgtrigger_insert_insert_3705e', table='competitions_stage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "competitions_stageevent" ("changed_at", "closes_at", "closing_set_at", "id", "kind", "name", "opens_at", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "round_id", "sequence") VALUES (NEW."changed_at", NEW."closes_at", NEW."closing_set_at", NEW."id", NEW."kind", NEW."name", NEW."opens_at", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."round_id", NEW."sequence"); RETURN NULL;', hash='3dbb2ff321b21a4688b0ebb2a0fc3cf02385802a', operation='UPDATE', pgid='pgtrigger_update_update_8f695', table='competitions_stage', when='AFTER')),
        ),
    ]
