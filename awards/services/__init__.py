"""What people do with awards, and with what authors are told."""

from awards.services.feedback import (
    FeedbackNotPlanned,
    FeedbackNotReleased,
    NoteNotDecided,
    announce_feedback,
    decide_note,
    plan_feedback,
    release_feedback,
)
from awards.services.giving import (
    AwardNotRevoked,
    AwardsNotGiven,
    CertificatesNotIssued,
    DecreeNotRecorded,
    FavouriteNotChosen,
    announce_award,
    choose_favourite,
    give_awards,
    issue_certificates,
    record_decree,
    revoke_award,
)

__all__ = [
    "AwardNotRevoked",
    "AwardsNotGiven",
    "CertificatesNotIssued",
    "DecreeNotRecorded",
    "FavouriteNotChosen",
    "FeedbackNotPlanned",
    "FeedbackNotReleased",
    "NoteNotDecided",
    "announce_award",
    "announce_feedback",
    "choose_favourite",
    "decide_note",
    "give_awards",
    "issue_certificates",
    "plan_feedback",
    "record_decree",
    "release_feedback",
    "revoke_award",
]
