"""Inviting institutions into a track that is by invitation."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from competitions.models import Track
from core import audit
from core.errors import DomainError
from submissions.models import Proposal, TrackInvitation


class InvitationNotPossible(DomainError):
    """The institution is invited already, or this is no track for it."""


class InvitationInUse(DomainError):
    """The institution has entered the track with a proposal."""


def invite_into_track(
    *, track: Track, institution: Institution, note: str, actor: User, at: datetime
) -> TrackInvitation:
    """Let `institution` enter `track`; `note` names the innovation or the ground.

    Raises InvitationNotPossible.
    Source: rule SUB-07 in docs/rules.md.
    """
    round = track.round
    with transaction.atomic():
        # Two of the secretariat may invite the same institution at once.
        track = Track.objects.select_for_update(no_key=True).get(pk=track.pk)
        if not track.is_by_invitation:
            raise InvitationNotPossible(
                _("%(track)s is open to everybody.") % {"track": track}
            )
        if institution.government_id != round.competition.government_id:
            raise InvitationNotPossible(
                _("This round is for the institutions of %(government)s.")
                % {"government": round.competition.government}
            )
        if not round.admits(institution.kind):
            raise InvitationNotPossible(
                _("This round is not for institutions of the kind %(kind)s.")
                % {"kind": institution.get_kind_display()}
            )
        invitations = TrackInvitation.objects.filter(
            track=track, institution=institution
        )
        if invitations.exists():
            raise InvitationNotPossible(
                _("%(institution)s is invited already.") % {"institution": institution}
            )
        invitation = TrackInvitation.objects.create(
            track=track,
            institution=institution,
            note=note,
            key=secrets.token_urlsafe(12),
            invited_by=actor,
            invited_at=at,
        )
        _record("track.invited", invitation, actor, at)
    return invitation


def end_invitation(*, invitation: TrackInvitation, actor: User, at: datetime) -> None:
    """Take an invitation back. Raises InvitationInUse once it was followed."""
    with transaction.atomic():
        entered = Proposal.objects.filter(
            track=invitation.track_id, institution=invitation.institution_id
        ).exclude(state=Proposal.State.WITHDRAWN)
        if entered.exists():
            raise InvitationInUse(
                _("%(institution)s has entered this group already.")
                % {"institution": invitation.institution}
            )
        _record("track.invitation_ended", invitation, actor, at)
        invitation.delete()


def _record(
    action: str, invitation: TrackInvitation, actor: User, at: datetime
) -> None:
    audit.record(
        action,
        actor=actor,
        target=invitation.track,
        at=at,
        scope=invitation.track.round.competition.government.code,
        changes={
            "institution": invitation.institution.code,
            "note": invitation.note,
        },
    )
