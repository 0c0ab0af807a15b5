import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditEntry(models.Model):
    """One line of the audit trail; the database refuses to change or delete it."""

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    actor_label = models.CharField(max_length=200, blank=True)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=40)
    target_label = models.CharField(max_length=200)
    scope = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    address = models.GenericIPAddressField(
        null=True, help_text="Where the request came from; none when a clock acted."
    )
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "-at"], name="core_audit_scope_at"),
            models.Index(fields=["target_type", "target_id"], name="core_audit_target"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_label}"
