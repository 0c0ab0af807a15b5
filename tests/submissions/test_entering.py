"""Who may enter: kinds of institutions, invitations, quotas, titles, earlier awards."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Institution
from competitions.models import Requirement, Round
from core.models import AuditEntry
from innovations.services import forget_achievement, record_achievement
from submissions import services
from submissions.dossier import load_dossier
from submissions.models import Proposal, ProposalState, TrackInvitation
from submissions.queries import concerned_by
from submissions.requirements import evaluate_all
from tests.factories.accounts import InstitutionFactory
from tests.factories.competitions import RequirementFactory, TrackFactory
from tests.factories.submissions import ProposalFactory, TrackInvitationFactory
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
Rule = Requirement.Rule


def begin(city, **fields):
    values = {
        "round": city.round,
        "institution": city.institution,
        "title": "Antre Cepat",
        "track": city.round.track_set.get(code="umum"),
        "actor": city.author,
        "at": AT,
    }
    return services.create_proposal(**(values | fields))


def rule(city, rule, *, params=None, **fields):
    return RequirementFactory(
        round=city.round, rule=rule, params=params or {}, order=9, **fields
    )


def findings(proposal):
    dossier = load_dossier(Proposal.objects.for_page().get(pk=proposal.pk))
    return {each.requirement.code: each for each in evaluate_all(dossier)}


def test_round_admits_only_its_kinds_of_institutions(city):
    Round.objects.filter(pk=city.round.pk).update(
        institution_kinds=[Institution.Kind.COMMUNITY]
    )
    city.round.refresh_from_db()

    with pytest.raises(services.InstitutionNotAdmitted):
        begin(city)

    guests = InstitutionFactory(
        government=city.government, kind=Institution.Kind.COMMUNITY
    )
    assert begin(city, institution=guests).institution == guests


def test_page_says_why_an_institution_is_not_admitted(client, live_city):
    live_city.round.institution_kinds = [Institution.Kind.COMMUNITY]
    live_city.round.save(update_fields=["institution_kinds"])
    client.force_login(live_city.author)

    page = client.get(
        reverse("submissions:proposal_create", args=[live_city.round.slug])
    )

    assert page.status_code == 200
    assert "form" not in page.context


def test_track_by_invitation_is_for_the_invited(city):
    track = TrackFactory(round=city.round, code="khusus", is_by_invitation=True)

    with pytest.raises(services.TrackNotOpen):
        begin(city, track=track)

    services.invite_into_track(
        track=track,
        institution=city.institution,
        note="E-Antre, Juara I 2021",
        actor=city.secretary,
        at=AT,
    )
    proposal = begin(city, track=track)
    assert proposal.track == track
    assert AuditEntry.objects.filter(action="track.invited").exists()
    with pytest.raises(services.InvitationInUse):
        services.end_invitation(
            invitation=TrackInvitation.objects.get(), actor=city.secretary, at=AT
        )


def test_track_is_not_changed_into_one_by_invitation(city):
    track = TrackFactory(round=city.round, code="khusus", is_by_invitation=True)
    proposal = city.proposal()
    draft = services.HeaderDraft("Judul", track, proposal.category, {})

    with pytest.raises(services.TrackNotOpen):
        services.save_header(
            proposal=proposal, draft=draft, base_version=0, actor=city.author, at=AT
        )


def test_invitation_is_given_once_and_for_closed_tracks_only(city):
    invitation = TrackInvitationFactory(
        track__round=city.round, institution=city.institution
    )
    for track in (invitation.track, city.round.track_set.get(code="umum")):
        with pytest.raises(services.InvitationNotPossible):
            services.invite_into_track(
                track=track,
                institution=city.institution,
                note="Sekali lagi",
                actor=city.secretary,
                at=AT,
            )


def test_quotas_of_tracks_and_kinds_stand_side_by_side(city):
    proposal = city.proposal()
    rule(city, Rule.QUOTA, code="q-umum", tracks=["umum"], params={"maximum": 2})
    rule(city, Rule.QUOTA, code="q-semua", params={"maximum": 2})
    rule(city, Rule.QUOTA, code="q-lain", tracks=["replikasi"], params={"maximum": 0})
    rule(
        city,
        Rule.QUOTA,
        code="q-jenis",
        institution_kinds=[Institution.Kind.COMMUNITY],
        params={"maximum": 0},
    )
    for code in ("umum", "replikasi"):
        ProposalFactory(
            round=city.round,
            institution=city.institution,
            track=city.round.track_set.get(code=code),
            state=ProposalState.SUBMITTED,
        )

    found = findings(proposal)

    assert found["q-umum"].is_met
    assert found["q-semua"].is_not_met
    assert not {"q-lain", "q-jenis"} & set(found)


@pytest.mark.parametrize(
    ("title", "state", "is_met"),
    [
        ("ANTRE   cepat", ProposalState.SUBMITTED, False),
        (" Antre Cepat ", ProposalState.SCREENED_PASSED, False),
        ("Antre Cepat", ProposalState.DRAFT, True),
        ("Antre Cepat", ProposalState.WITHDRAWN, True),
        ("Antre Cepat 2", ProposalState.SUBMITTED, True),
    ],
)
def test_title_is_told_apart_by_its_words(city, title, state, is_met):
    proposal = city.proposal(title="Antre Cepat")
    rule(city, Rule.UNIQUE_TITLE, code="judul")
    ProposalFactory(round=city.round, title=title, state=state)

    assert findings(proposal)["judul"].is_met == is_met


def test_earlier_awards_are_those_of_the_innovation_once_public(city):
    proposal = city.proposal()
    rule(city, Rule.EARLIER_AWARDS, code="juara", params={"levels": ["Juara I"]})
    assert findings(proposal)["juara"].is_met

    values = {
        "innovation": proposal.innovation,
        "level": "Juara I",
        "competition": "KIPP Kota Contoh 2021",
        "year": 2021,
        "source_key": "award:7",
        "at": AT,
    }
    # Corrected decrees move the day; the award stays one.
    record_achievement(**values, public_from=AT + timedelta(days=36500))
    assert findings(proposal)["juara"].is_met
    record_achievement(**values, public_from=AT)
    assert findings(proposal)["juara"].is_not_met
    forget_achievement(source_key="award:7")
    assert findings(proposal)["juara"].is_met


def test_dossier_asks_nine_times_whatever_the_rules(city, django_assert_num_queries):
    proposal = city.proposal()
    for each in Rule:
        rule(city, each)
    proposal = Proposal.objects.for_page().get(pk=proposal.pk)

    with django_assert_num_queries(9):
        load_dossier(proposal)


def test_change_concerns_the_proposals_it_is_asked_of(city):
    city.proposal()
    ProposalFactory(
        round=city.round,
        track=city.round.track_set.get(code="replikasi"),
        state=ProposalState.SUBMITTED,
    )
    city.section.__class__.objects.filter(pk=city.section.pk).update(
        tracks=["replikasi"]
    )

    everybody = concerned_by(city.round, {"form.sections.signifikansi.words": [1, 2]})
    some = concerned_by(city.round, {"form.sections.kebaruan.words": [200, 250]})
    nobody = concerned_by(city.round, {})

    assert (everybody.drafts, everybody.submitted, everybody.institutions) == (1, 1, 2)
    assert (some.drafts, some.submitted, some.institutions) == (0, 1, 1)
    assert nobody.institutions == 0
