from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from notifications.kinds import NO_NEWS
from notifications.models import Message
from submissions.models import ProposalState
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    LeaderFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.judging import JurorFactory, scoring_round, write_sheet
from tests.factories.notifications import MessageFactory
from tests.factories.submissions import (
    AnswerFactory,
    ProposalFactory,
    complete_proposal,
)

pytestmark = pytest.mark.django_db
State = ProposalState


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return GovernmentFactory()


@pytest.fixture
def agency(city):
    return InstitutionFactory(government=city, short_name="Disdukcapil")


@pytest.fixture
def round(city):
    return make.small_round(government=city, phase="submission")


def get(client, user):
    client.force_login(user)
    return client.get(reverse("dashboard"))


def first_step(client, user):
    return get(client, user).context["dashboard"].next_steps[0]


# Authors ------------------------------------------------------------------------------


def test_author_without_proposal_begins_one(client, round, agency):
    step = first_step(client, AuthorFactory(institution=agency))

    assert step.title == f"Enter an innovation in {round.name}"
    assert step.url == reverse("submissions:proposal_create", args=[round.slug])


def test_author_goes_on_with_the_draft_nearest_to_its_end(client, round, agency):
    ProposalFactory(round=round, institution=agency, title="Baru mulai")
    ahead = ProposalFactory(round=round, institution=agency, title="Hampir selesai")
    for section in ahead.form.section_set.all()[:2]:
        AnswerFactory(proposal=ahead, section=section)

    step = first_step(client, AuthorFactory(institution=agency))

    # The third answer, the general data and the letter.
    assert step.title == "Complete 3 parts of the proposal Hampir selesai"
    assert (step.part, step.whole) == (2, 5)
    assert step.url == reverse("submissions:header_edit", args=[ahead.code])


def test_author_sends_what_is_complete(client, round, agency):
    ready = complete_proposal(round=round, institution=agency)

    step = first_step(client, AuthorFactory(institution=agency))

    assert step.title == f"Send the proposal {ready.title}"
    assert step.url == reverse("submissions:proposal_check", args=[ready.code])


def test_author_mends_first(client, round, agency):
    ProposalFactory(round=round, institution=agency)
    back = ProposalFactory(
        round=round,
        institution=agency,
        state=State.RETURNED,
        return_note="Lampirkan SK.",
    )

    step = first_step(client, AuthorFactory(institution=agency))

    assert (step.title, step.text) == (
        f"Mend the proposal {back.title}",
        "Lampirkan SK.",
    )


def test_author_waits_for_endorsement_its_admin_gives_it(client, round, agency):
    waiting = ProposalFactory(round=round, institution=agency, state=State.ENDORSING)

    author = first_step(client, AuthorFactory(institution=agency))
    admin = first_step(client, InstitutionAdminFactory(institution=agency))

    assert author.title == f"{waiting.title} waits for its endorsement"
    assert admin.title == f"Endorse the proposal {waiting.title}"
    assert admin.url == reverse("submissions:proposal_check", args=[waiting.code])


def test_admin_endorses_for_the_units_below(client, city, round, agency):
    unit = InstitutionFactory(government=city, parent=agency)
    waiting = ProposalFactory(round=round, institution=unit, state=State.ENDORSING)

    step = first_step(client, InstitutionAdminFactory(institution=agency))

    assert step.title == f"Endorse the proposal {waiting.title}"


def test_author_who_sent_everything_learns_what_comes(client, round, agency):
    ProposalFactory(round=round, institution=agency, state=State.SUBMITTED)
    screening = round.stage_set.get(kind="screening")

    step = first_step(client, AuthorFactory(institution=agency))

    assert step.title == "Your proposals are submitted"
    assert step.text.startswith(f"Next: {screening.name}, from ")


def test_author_cannot_write_after_closing(client, city, agency):
    round = make.small_round(government=city, phase="screening")
    ProposalFactory(round=round, institution=agency)

    response = get(client, AuthorFactory(institution=agency))

    dashboard = response.context["dashboard"]
    assert dashboard.next_steps[0].title == "No competition takes proposals now"
    assert dashboard.author.open_rounds == []
    assert [row.label for row in dashboard.author.rows] == ["See"]


def test_author_sees_own_institution_only(client, city, round, agency):
    mine = ProposalFactory(round=round, institution=agency)
    ProposalFactory(round=round, institution=InstitutionFactory(government=city))

    rows = (
        get(client, AuthorFactory(institution=agency)).context["dashboard"].author.rows
    )

    assert [row.proposal for row in rows] == [mine]


def test_author_sees_dates_of_the_round_in_its_zone(client):
    papua = GovernmentFactory(time_zone="Asia/Jayapura")
    round = make.small_round(government=papua, phase="submission")
    agency = InstitutionFactory(government=papua)

    deadlines = (
        get(client, AuthorFactory(institution=agency))
        .context["dashboard"]
        .author.deadlines
    )

    assert deadlines[0].at == round.stage_set.get(kind="submission").closes_at
    assert deadlines[0].text.endswith("WIT")


@pytest.mark.parametrize("row_count", [1, 3])
def test_author_dashboard_query_count(
    client, round, agency, django_assert_num_queries, row_count
):
    ProposalFactory.create_batch(row_count, round=round, institution=agency)
    user = AuthorFactory(institution=agency)
    client.force_login(user)

    # user, memberships; rounds that take proposals; rounds, stages; proposals; the
    # proposal to go on with and 9 for its dossier; panels; messages; unread messages
    # and whether the person is a juror
    with django_assert_num_queries(16):
        response = client.get(reverse("dashboard"))

    assert len(response.context["dashboard"].author.rows) == row_count


# Jurors -------------------------------------------------------------------------------


def test_juror_signs_first(client):
    round = make.small_round(phase="submission")
    juror = JurorFactory(round=round, signed_at=None)

    step = first_step(client, juror.user)

    assert step.url == reverse("judging:panel_accept", args=[round.slug])


def test_juror_sees_how_much_is_left(client):
    round = scoring_round(jurors=1, proposals=3)
    juror = round.juror_set.get()
    write_sheet(juror.assignment_set.order_by("pk")[0].scoresheet, 80, 80)

    step = first_step(client, juror.user)

    assert step.title == f"Score 2 more proposals of {round.name}"
    assert (step.part, step.whole) == (1, 3)
    assert step.url == reverse("judging:assignment_list")


def test_juror_has_nothing_to_do_before_and_after_scoring(client):
    for phase in ("submission", "plenary"):
        round = scoring_round(jurors=1, proposals=1, phase=phase)

        dashboard = get(client, round.juror_set.get().user).context["dashboard"]

        assert dashboard.next_steps == []
        assert len(dashboard.juror.panels) == 1


@pytest.mark.parametrize("row_count", [1, 3])
def test_juror_dashboard_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=1, proposals=row_count)
    client.force_login(round.juror_set.get().user)

    # user, memberships, panels, windows, sheets, messages, whether juror, unread
    with django_assert_num_queries(8):
        client.get(reverse("dashboard"))


# The secretariat ----------------------------------------------------------------------


def test_secretariat_begins_with_a_round(client):
    step = first_step(client, SecretariatFactory())

    assert step.url == reverse("competitions:round_create")


def test_secretariat_is_led_to_what_is_not_sent(client, city, round):
    ProposalFactory(round=round)

    step = first_step(client, SecretariatFactory(government=city))

    assert step.title == f"Help 1 draft of {round.name} over the line"
    assert step.url == reverse("monitoring:rescue_board", args=[round.slug])


def test_secretariat_serves_who_waits_before_it_prepares(client, city, round):
    make.RoundFactory(government=city, opened_at=None, name="Tahun depan")
    ProposalFactory.create_batch(2, round=round, state=State.SUBMITTED)

    steps = (
        get(client, SecretariatFactory(government=city)).context["dashboard"].next_steps
    )

    assert [step.title for step in steps] == [
        f"Screen 2 proposals of {round.name}",
        "Finish the set-up of Tahun depan",
    ]


def test_secretariat_seals_once_scoring_is_over(client, city):
    round = scoring_round(jurors=1, proposals=1, phase="plenary", government=city)

    step = first_step(client, SecretariatFactory(government=city))

    assert step.url == reverse("judging:ranking", args=[round.slug])


def test_secretariat_sees_own_rounds_only(client, city, round):
    make.RoundFactory()

    rows = (
        get(client, SecretariatFactory(government=city))
        .context["dashboard"]
        .secretariat.rows
    )

    assert [row.round for row in rows] == [round]


@pytest.mark.parametrize("row_count", [1, 3])
def test_secretariat_dashboard_query_count(
    client, city, django_assert_num_queries, row_count
):
    for each in make.RoundFactory.create_batch(row_count, government=city):
        ProposalFactory.create_batch(row_count, round=each, state=State.SUBMITTED)
    client.force_login(SecretariatFactory(government=city))

    # user, memberships, panels, rounds, stages, proposals, results, messages, whether
    # juror, unread messages, requests about data
    with django_assert_num_queries(10):
        response = client.get(reverse("dashboard"))

    assert len(response.context["dashboard"].secretariat.rows) == row_count


# Everybody else -----------------------------------------------------------------------


@pytest.mark.parametrize("row_count", [1, 3])
def test_leader_dashboard_query_count(
    client, city, django_assert_num_queries, row_count
):
    make.RoundFactory.create_batch(row_count, government=city)
    client.force_login(LeaderFactory(government=city))

    # user, memberships, panels, rounds, stages, institutions, trees, messages, whether
    # juror, unread messages
    with django_assert_num_queries(9):
        response = client.get(reverse("dashboard"))

    assert len(response.context["dashboard"].leader.rows) == row_count


def test_somebody_with_several_roles_sees_them_all(client, city, round, agency):
    user = AuthorFactory(institution=agency)
    MembershipFactory(user=user, role="secretariat", government=city)
    MembershipFactory(user=user, role="leader", government=city)
    JurorFactory(round=make.small_round(phase="submission"), user=user, signed_at=None)
    ProposalFactory(round=round, state=State.SUBMITTED)

    response = get(client, user)

    dashboard = response.context["dashboard"]
    assert all(
        [dashboard.author, dashboard.juror, dashboard.secretariat, dashboard.leader]
    )
    assert len(dashboard.next_steps) == 3
    assert [item.label for item in response.context["workspace_nav"]()] == [
        *["Home", "Proposals", "Innovations", "Events", "Scoring"],
        *["My certificates", "Rounds"],
        *[
            "Institutions",
            "People",
            "Documents",
            "Messages",
            "Log",
            "Settings",
            "Figures",
        ],
    ]


def test_system_admin_sees_no_proposal(client, round):
    entry = ProposalFactory(round=round, state=State.SUBMITTED)

    response = get(client, UserFactory(is_system_admin=True))

    assert reverse("readyz") in response.content.decode()
    assert entry.title not in response.content.decode()


def test_somebody_without_a_role_learns_whom_to_ask(client):
    response = get(client, UserFactory())

    assert "Your account has no role yet" in response.content.decode()


def test_dashboard_needs_signing_in(client):
    response = client.get(reverse("dashboard"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_dashboard_shows_own_messages_newest_first(client):
    user, other = UserFactory(), UserFactory()
    now = timezone.now()
    for recipient, subject, age in [
        (user, "Lama", 2),
        (user, "Baru", 1),
        (other, "Bukan untuk Anda", 0),
    ]:
        Message.objects.create(
            recipient=recipient,
            kind="uji",
            key=subject,
            subject=subject,
            body_text="",
            body_html="",
            created_at=now - timedelta(days=age),
        )

    messages = get(client, user).context["dashboard"].messages

    assert [message.subject for message in messages] == ["Baru", "Lama"]


def test_digest_and_code_are_no_news_on_the_home_page(client):
    user = UserFactory()
    news = MessageFactory(recipient=user)
    for kind in NO_NEWS:
        MessageFactory(recipient=user, kind=kind)

    assert get(client, user).context["dashboard"].messages == [news]
