"""Each reminder that was noted belongs to the row of the plan that asked for it."""

from django.db import migrations
from django.db.models import Count, Max, Q


def hours_to_plans(apps, schema_editor):
    Reminder = apps.get_model("submissions", "Reminder")
    ReminderPlan = apps.get_model("competitions", "ReminderPlan")
    ReminderRun = apps.get_model("submissions", "ReminderRun")
    with _changeable(schema_editor):
        pairs = Reminder.objects.order_by("stage", "hours_before")
        for stage, hours in pairs.values_list("stage", "hours_before").distinct():
            of_pair = Reminder.objects.filter(stage=stage, hours_before=hours)
            plan = ReminderPlan.objects.filter(
                stage=stage,
                anchor="before",
                hours=hours,
                audience="waiting",
                removed_at=None,
            ).first()
            if plan is None:  # the hours were taken away after they had told somebody
                last = of_pair.aggregate(last=Max("noted_at"))["last"]
                plan = ReminderPlan.objects.create(
                    stage_id=stage,
                    hours=hours,
                    created_at=last,
                    removed_at=last,
                )
            of_pair.update(plan=plan)
            counted = of_pair.values("counted_from").annotate(
                told=Count("pk", filter=Q(was_told=True)), last=Max("noted_at")
            )
            ReminderRun.objects.bulk_create(
                ReminderRun(
                    plan=plan,
                    counted_from=row["counted_from"],
                    ran_at=row["last"],
                    told=row["told"],
                    was_passed=not row["told"],
                )
                for row in counted.order_by("counted_from")
            )


def plans_to_hours(apps, schema_editor):
    Reminder = apps.get_model("submissions", "Reminder")
    # What the hours could not say is forgotten.
    Reminder.objects.exclude(plan__anchor="before", plan__audience="waiting").delete()
    with _changeable(schema_editor):
        plans = Reminder.objects.order_by("plan").values_list(
            "plan", "plan__stage", "plan__hours"
        )
        for plan, stage, hours in plans.distinct():
            Reminder.objects.filter(plan=plan).update(stage=stage, hours_before=hours)


class _changeable:
    """Reminders are never updated: put the trigger aside, and back again."""

    def __init__(self, schema_editor):
        self.execute = schema_editor.execute

    def __enter__(self):
        self.execute("ALTER TABLE submissions_reminder DISABLE TRIGGER USER")

    def __exit__(self, *raised):
        if raised[0] is None:
            self.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self.execute("ALTER TABLE submissions_reminder ENABLE TRIGGER USER")
            self.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("submissions", "0013_reminder_runs")]

    operations = [migrations.RunPython(hours_to_plans, plans_to_hours)]
