"""The same bytes are kept once, and go with the last file that is made of them."""

from threading import Barrier, Thread

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from documents import files
from documents.models import Inspection, Leftover, SharedBytes
from documents.periodic import sweep_files
from documents.tasks import inspect_file
from submissions import services
from submissions.models import Evidence
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.browsing import content_of, kept_bytes, url
from tests.submissions.conftest import AT, make_city
from tests.submissions.test_files import upload


def add(city, proposal, checked, actor=None):
    return services.add_evidence(
        proposal=proposal,
        section=city.section,
        upload=checked,
        actor=actor or city.author,
        at=AT,
    )


@pytest.fixture
def proposals(city):
    """Two proposals of two institutions of one round."""
    other = InstitutionFactory(government=city.government)
    return [
        ProposalFactory(round=city.round, institution=institution)
        for institution in (city.institution, other)
    ]


def stored_names():
    found = []
    for folder, _dirs, names in _walk(""):
        found += [f"{folder}/{name}" for name in names]
    return found


def _walk(folder):
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield folder, folders, names
    for each in folders:
        yield from _walk(f"{folder}/{each}".lstrip("/"))


@pytest.mark.django_db
def test_twins_share_bytes_and_nothing_else(
    city, proposals, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (add(city, each, upload("sama")) for each in proposals)
        sweep_files()

    assert first.file.name == second.file.name
    assert first.key != second.key
    assert len(stored_names()) == 1
    client.force_login(city.author)
    assert content_of(client.get(url("evidence_file", first.key)))
    assert client.get(url("evidence_file", second.key)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence=first, actor=city.author, at=AT)
    assert len(stored_names()) == 1
    assert SharedBytes.objects.get().used == 1
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence=second, actor=city.author, at=AT)
    assert stored_names() == []
    assert not SharedBytes.objects.exists()
    assert not Leftover.objects.exists()
    assert not Inspection.objects.exists()


@pytest.mark.django_db
def test_upload_of_what_somebody_else_has_shows_nothing_of_it(city, proposals):
    """The same answer, as many writes to storage, and no preview from the other one."""
    add(city, proposals[1], upload("sama"))
    Inspection.objects.update(picture=b"gambar", is_previewed=True)

    alone = add(city, proposals[0], upload("lain"))
    twin = add(city, proposals[0], upload("sama"))

    assert Inspection.objects.get(key=alone.key).picture == b""
    assert bytes(Inspection.objects.get(key=twin.key).picture) == b""
    # Both were written; the copy that is not needed goes later, by the sweep.
    assert len(stored_names()) == 3
    sweep_files()
    assert len(stored_names()) == 2


@pytest.mark.django_db
def test_killed_between_the_count_and_the_bytes_goes_on_later(city, proposals):
    evidence = add(city, proposals[0], upload("sama"))
    name = evidence.file.name
    with transaction.atomic():
        files.let_go(name, evidence.key)
    leftover = Leftover.objects.get()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "documents.files.default_storage.delete",
            lambda name: (_ for _ in ()).throw(OSError("killed")),
        )
        with pytest.raises(OSError, match="killed"):
            files.clear(leftover.pk)
    # Meanwhile a twin comes: it has bytes of its own.
    twin = add(city, proposals[1], upload("sama"))
    assert twin.file.name != name

    sweep_files()

    assert not default_storage.exists(name)
    assert default_storage.exists(twin.file.name)


@pytest.mark.django_db(transaction=True)
def test_twin_that_comes_while_the_last_one_goes_has_its_bytes():
    city = make_city()
    drafts = [ProposalFactory(round=city.round) for _n in range(2)]
    for _turn in range(5):
        first = add(city, drafts[0], upload("sama"))
        gate, made = Barrier(2), []

        def remove(first=first, gate=gate):
            gate.wait()
            services.remove_evidence(evidence=first, actor=city.author, at=AT)
            connection.close()

        def come(gate=gate, made=made):
            gate.wait()
            made.append(add(city, drafts[1], upload("sama")))
            connection.close()

        threads = [Thread(target=remove), Thread(target=come)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sweep_files()

        assert kept_bytes(made[0]) == upload("sama").content
        assert SharedBytes.objects.get().used == 1
        assert len(stored_names()) == 1
        services.remove_evidence(evidence=made[0], actor=city.author, at=AT)
        assert stored_names() == []


@pytest.mark.django_db
def test_shared_bytes_are_used_at_least_once(city, proposals):
    add(city, proposals[0], upload("sama"))

    with pytest.raises(IntegrityError), transaction.atomic():
        SharedBytes.objects.update(used=0)


@pytest.mark.django_db
def test_preview_is_drawn_and_shown_to_who_may_see_the_file(live_city, client):
    draft = live_city.proposal()
    Evidence.objects.all().delete()
    evidence = services.add_evidence(
        proposal=draft,
        section=live_city.section,
        upload=upload("gambar"),
        actor=live_city.author,
        at=timezone.now(),
    )
    client.force_login(live_city.author)
    address = url("evidence_preview", evidence.key)

    before = client.get(address)
    inspect_file(evidence.key)
    after = client.get(address)
    client.force_login(
        AuthorFactory(institution=InstitutionFactory(government=live_city.government))
    )

    assert before.status_code == 302
    assert after["Content-Type"] == "image/jpeg"
    assert after["Cache-Control"].startswith("private")
    assert after.content.startswith(b"\xff\xd8\xff")
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_preview_that_fails_is_tried_no_more(city, proposals):
    evidence = add(city, proposals[0], upload("rusak"))
    with default_storage.open(evidence.file.name, "wb") as file:
        file.write(b"%PDF-1.4 rusak")

    inspect_file(evidence.key)

    found = Inspection.objects.get(key=evidence.key)
    assert (bytes(found.picture), found.is_previewed) == (b"", True)
    assert not Inspection.objects.waiting().exists()
