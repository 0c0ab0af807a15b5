"""Recompute every sealed result from what is stored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Government
from judging import proof


class Command(BaseCommand):
    help = (
        "Recompute digest, chain, ranks, rows and scores of every sealed result. "
        "Ends with an error if one does not hold."
    )

    def handle(self, **options: Any) -> None:
        count = bad = 0
        for government in Government.objects.order_by("code"):
            for result, faults in proof.check_chain(government):
                count += 1
                bad += bool(faults)
                self.stdout.write(
                    f"{government.code} {result.sequence} {result.round.slug} "
                    f"{result.digest[:16]} {'FAULTY' if faults else 'ok'}"
                )
                for fault in faults:
                    self.stdout.write(f"  {fault}")
        if bad:
            raise CommandError(f"{bad} of {count} sealed results do not hold.")
        self.stdout.write(f"{count} sealed results hold.")
