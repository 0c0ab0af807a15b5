"""Orders certificates in the portal under test: `… order_papers COUNT`.

Prints the number of the batch.
"""

import os
import sys

import django


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
    django.setup()
    from django.utils import timezone

    from accounts.models import Government, User
    from documents import services
    from documents.models import Batch, DocumentKind
    from tests.factories import papers

    at = timezone.now()
    tegal = Government.objects.get(code="33.76")
    secretary = User.objects.get(email="sekretariat@tegal.example")
    batch = services.create_batch(
        government=tegal,
        title="Piagam uji",
        subject_key=f"uji:{Batch.objects.count()}",
        actor=secretary,
        at=at,
    )
    services.issue_documents(
        government=tegal,
        kind=DocumentKind.CERTIFICATE,
        orders=papers.orders(tegal, count, batch.subject_key),
        template=papers.TEMPLATE,
        issued_date=papers.DAY,
        at=at,
        is_public=True,
        batch=batch,
    )
    sys.stdout.write(f"{batch.pk}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
