"""The hours that stood in a stage of submission become rows of its plan.

In other stages they were never used.
"""

from django.db import migrations


def hours_to_plans(apps, schema_editor):
    Stage = apps.get_model("competitions", "Stage")
    ReminderPlan = apps.get_model("competitions", "ReminderPlan")
    stages = Stage.objects.filter(kind="submission").select_related("round")
    ReminderPlan.objects.bulk_create(
        ReminderPlan(
            stage=stage,
            anchor="before",
            hours=hours,
            audience="waiting",
            created_at=stage.round.created_at,
        )
        for stage in stages.order_by("pk")
        for hours in sorted({each for each in stage.reminder_hours if 0 < each <= 10_000})
    )


def plans_to_hours(apps, schema_editor):
    Stage = apps.get_model("competitions", "Stage")
    ReminderPlan = apps.get_model("competitions", "ReminderPlan")
    for stage in Stage.objects.filter(kind="submission").order_by("pk"):
        plans = ReminderPlan.objects.filter(
            stage=stage, anchor="before", audience="waiting", removed_at=None
        )
        hours = sorted(plans.values_list("hours", flat=True), reverse=True)
        Stage.objects.filter(pk=stage.pk).update(reminder_hours=hours)


class Migration(migrations.Migration):
    dependencies = [("competitions", "0008_reminder_plans")]

    operations = [migrations.RunPython(hours_to_plans, plans_to_hours)]
