"""Two at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from competitions import services
from competitions.models import Registration
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.events import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def at_once(*jobs):
    """Run all jobs at the same moment; give what each returned."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_last_places_are_given_once():
    event = EventFactory(capacity=2)
    institution = InstitutionFactory(government=event.round.competition.government)
    people = AuthorFactory.create_batch(6, institution=institution)

    at_once(
        *[
            lambda user=user: services.register(
                event=event, user=user, institution=institution, at=NOW
            )
            for user in people
        ]
    )

    states = list(Registration.objects.values_list("state", flat=True))
    assert (states.count("confirmed"), states.count("waiting")) == (2, 4)


def test_double_click_gives_one_place():
    event = EventFactory()
    institution = InstitutionFactory(government=event.round.competition.government)
    user = AuthorFactory(institution=institution)

    made = at_once(
        *[
            lambda: services.register(
                event=event, user=user, institution=institution, at=NOW
            )
        ]
        * 4
    )

    assert {each.pk for each in made} == {Registration.objects.get().pk}


def test_place_given_back_goes_to_one_person_while_others_ask():
    event = EventFactory(capacity=1)
    leaving = RegistrationFactory(event=event)
    waiting = RegistrationFactory(
        event=event, state="waiting", registered_at=NOW - timedelta(hours=1)
    )
    institution = InstitutionFactory(government=event.round.competition.government)
    asking = AuthorFactory.create_batch(3, institution=institution)

    at_once(
        lambda: services.cancel_registration(
            registration=leaving, actor=leaving.user, at=NOW
        ),
        *[
            lambda user=user: services.register(
                event=event, user=user, institution=institution, at=NOW
            )
            for user in asking
        ],
    )

    waiting.refresh_from_db()
    assert waiting.is_confirmed
    assert Registration.objects.confirmed().count() == 1
