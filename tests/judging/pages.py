"""What several tests of pages use."""

from judging.models import Score, ScoreSheet
from tests.factories.accounts import MembershipFactory, SecretariatFactory

AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}


def sheet_of(round):
    return (
        ScoreSheet.objects.filter(assignment__juror__round=round)
        .select_related(
            "assignment__juror__user",
            "assignment__proposal",
            "assignment__scoring_stage",
        )
        .order_by("pk")
        .first()
    )


def payload(version=0, first="80", second="70", note=""):
    return {
        "version": version,
        "value-kebaruan": first,
        "note-kebaruan": note,
        "value-signifikansi": second,
        "note-signifikansi": "",
    }


def stored(sheet):
    return list(
        Score.objects.filter(sheet=sheet)
        .order_by("criterion__order")
        .values_list("value", "note")
    )


def content_of(response):
    """Read a response to its end, without ending the test's own connection."""
    if not response.streaming:
        return response.content
    content = b"".join(response)
    for close in response._resource_closers:
        close()
    return content


def login_secretariat(client, round, **membership):
    user = SecretariatFactory(government=round.competition.government)
    if membership:
        MembershipFactory(user=user, **membership)
    client.force_login(user)
    return user


def apply_shown(client, url):
    """Look at the assignment that `url` proposes, and apply just that."""
    shown = client.get(url).context
    choices = shown["form"].choices
    return client.post(
        url,
        {
            "tahap": shown["stage"].code,
            "pilihan": "1",
            "digest": shown["digest"],
            **({"belum": "on"} if choices.with_unanswered else {}),
            **({"pindah": "on"} if choices.may_move else {}),
        },
    )
