"""The words of the audit trail: every action in a sentence, and where it belongs.

Actions of all apps stand here, since one page shows them all. A test compares the
table with what the services record.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

ACTIONS: dict[str, Words] = {
    # Accounts and roles
    "user.created": _("Account made"),
    "user.changed": _("Account changed"),
    "user.deactivated": _("Account deactivated"),
    "user.reactivated": _("Account reactivated"),
    "user.pseudonymised": _("Personal data removed from an account"),
    "data_request.made": _("Request about own data made"),
    "data_request.cancelled": _("Request about own data taken back"),
    "data_request.answered": _("Request about own data answered"),
    "data_export.requested": _("Copy of own data ordered"),
    "data_export.fetched": _("Copy of own data fetched"),
    "retention.applied": _("Data no longer needed deleted"),
    "user.agreed_to_privacy_notice": _("Agreed to the privacy notice"),
    "user.email_changed": _("E-mail address changed"),
    "password.changed": _("Password changed"),
    "second_factor.added": _("Second factor added"),
    "second_factor.removed": _("Second factor removed"),
    "second_factor.reset": _("Second factor reset by somebody else"),
    "recovery_codes.renewed": _("New recovery codes made"),
    "session.ended": _("Session ended"),
    "membership.granted": _("Role given"),
    "membership.ended": _("Role ended"),
    "invitation.sent": _("Invitation sent"),
    "invitation.resent": _("Invitation sent again"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "invitation.accepted": _("Invitation accepted"),
    "handover.given": _("Work handed over"),
    "handover.received": _("Work taken over"),
    # Governments and institutions
    "government.created": _("Government entered"),
    "government.edited": _("Government settings changed"),
    "signatory.created": _("Official who signs entered"),
    "signatory.edited": _("Official who signs changed"),
    "signatory.ended": _("Official who signs left office"),
    "institution.edited": _("Institution changed"),
    "institution.moved": _("Institution moved in the tree"),
    "institution.renamed": _("Institution renamed"),
    "institution.corrected": _("Misspelt name of an institution mended"),
    "institution.created": _("Institution entered"),
    "institutions.merged": _("Institutions merged"),
    "institution.reactivated": _("Institution active again"),
    "institution.ended": _("Institution ended"),
    "institutions.imported": _("Institutions imported"),
    # Rounds
    "competition.created": _("Competition begun"),
    "round.created": _("Round begun"),
    "round.updated": _("Round changed"),
    "round.rules_changed": _("Rules changed"),
    "round.opened": _("Round opened"),
    "round.removed": _("Prepared round removed"),
    "round.calendar_changed": _("Calendar changed"),
    "rule_change.prepared": _("New rules prepared"),
    "rule_change.requested": _("Second person asked about new rules"),
    "rule_change.refused": _("Second person did not agree with new rules"),
    "rule_change.taken_back": _("New rules taken back from the second person"),
    "rule_change.discarded": _("Prepared rules thrown away"),
    "announcement.created": _("Announcement written"),
    "announcement.updated": _("Announcement changed"),
    "announcement.deleted": _("Announcement deleted"),
    "attachment.added": _("Attachment added"),
    "attachment.removed": _("Attachment removed"),
    "stage.extended": _("Stage extended"),
    "stage_exception.withdrawn": _("More time taken back from an institution"),
    "stage_exception.granted": _("More time given to an institution"),
    "track.invited": _("Institution invited to a track"),
    "track.invitation_ended": _("Invitation to a track ended"),
    "event.created": _("Event written"),
    "event.updated": _("Event changed"),
    "event.cancelled": _("Event cancelled"),
    "registration.made": _("Registered for an event"),
    "registration.cancelled": _("Registration cancelled"),
    "attendance.noted": _("Attendance noted"),
    "attendance.taken_back": _("Attendance taken back"),
    # Proposals
    "proposal.created": _("Proposal begun"),
    "proposal.taken_over": _("Proposal begun from an earlier one"),
    "proposal.sent": _("Proposal sent for endorsement"),
    "proposal.returned": _("Proposal given back to its authors"),
    "proposal.came_late": _("Text or press after the closing kept"),
    "proposal.late_taken": _("Late text taken over into the proposal"),
    "proposal.late_admitted": _("Late proposal counted"),
    "proposal.note_settled": _("Note on a proposal marked as done, or not"),
    "proposal.submitted": _("Proposal submitted"),
    "proposal.withdrawn": _("Proposal withdrawn"),
    "proposal.screened": _("Proposal checked"),
    "proposal.reopened": _("Proposal reopened"),
    "proposal.disqualified": _("Proposal disqualified"),
    "screening.drafted": _("Draft of a check saved"),
    "screening.taken_back": _("Decision of a check taken back"),
    "screening.confirmed": _("Decision of a check confirmed by a second person"),
    "screening.sent_back": _("Decision of a check sent back by a second person"),
    "screening.published": _("Result of the check published"),
    "screening.published_singly": _("Result of one check published"),
    "correction.asked": _("Proposal returned to be corrected"),
    "correction.lapsed": _("Proposal not corrected in time: the submitted one counts"),
    "objection.filed": _("Objection filed"),
    "objection.answered": _("Objection answered"),
    "objection.confirmed": _("Answer to an objection confirmed by a second person"),
    "objection.sent_back": _("Answer to an objection sent back by a second person"),
    "evidence.added": _("Evidence added"),
    "evidence.removed": _("Evidence removed"),
    "proposal.consents_saved": _("Statements agreed to"),
    "proposal.form_changed": _("Proposal moved to a newer form"),
    "innovation.retired": _("Innovation taken out of use"),
    "innovation.revived": _("Innovation in use again"),
    "innovation.merged": _("Two entries of one innovation merged"),
    "innovation.status_noted": _("Yearly state of an innovation noted"),
    "achievement.typed": _("Achievement entered"),
    "achievement.changed": _("Achievement changed"),
    "achievement.removed": _("Achievement removed"),
    "achievement.confirmed": _("Achievement confirmed"),
    "joint_owner.asked": _("Institution asked to be joint owner"),
    "joint_owner.confirmed": _("Joint ownership agreed"),
    "joint_owner.ended": _("Joint ownership ended or declined"),
    "rescue.reminded": _("Institution reminded of what is not sent"),
    "rescue.contacted": _("Institution asked outside of the portal"),
    "link.added": _("Link added"),
    "link.removed": _("Link removed"),
    "letter.added": _("Statement letter added"),
    "letter.removed": _("Statement letter removed"),
    # The jury
    "juror.added": _("Juror called"),
    "juror.signed": _("Integrity statement signed"),
    "juror.reminded": _("Juror reminded"),
    "conflict.declared": _("Conflict of interest declared"),
    "assignments.made": _("Sheets handed out"),
    "sheet.finalised": _("Score sheet finished"),
    "sheet.reopened": _("Score sheet given back"),
    # Results and awards
    "result.sealed": _("Result sealed"),
    "award.given": _("Award given"),
    "award.revoked": _("Award revoked"),
    "decree.recorded": _("Decree recorded"),
    "entries.published": _("Winners published in the catalogue"),
    "entry.award_removed": _("Award taken out of the catalogue"),
    # Papers
    "document.issued": _("Document issued"),
    "document.revoked": _("Document revoked"),
    "document.replaced": _("Document replaced"),
    "document.retried": _("Document made again"),
    "batch.created": _("Documents ordered"),
}


@dataclass(frozen=True)
class Group:
    """What the actions on some nouns have in common."""

    label: Words
    nouns: tuple[str, ...]
    # Whether it tells of what competitors write, and of how they are judged.
    is_of_entries: bool = False


GROUPS: dict[str, Group] = {
    "akun": Group(
        _("Accounts and roles"),
        (
            "user",
            "membership",
            "invitation",
            "handover",
            "data_request",
            "data_export",
            "retention",
        ),
    ),
    "masuk": Group(
        _("Sign-in and security"),
        ("password", "email", "second_factor", "recovery_codes", "passkey", "session"),
    ),
    "instansi": Group(
        _("Governments and institutions"),
        ("government", "signatory", "institution", "institutions"),
    ),
    "putaran": Group(
        _("Rounds and announcements"),
        (
            "competition",
            "round",
            "stage",
            "stage_exception",
            "track",
            "announcement",
            "attachment",
            "event",
            "registration",
            "attendance",
        ),
    ),
    "aturan": Group(_("Prepared rules"), ("rule_change",), is_of_entries=True),
    "proposal": Group(
        _("Proposals"),
        (
            "proposal",
            "evidence",
            "link",
            "letter",
            "rescue",
            "screening",
            "correction",
            "objection",
        ),
        is_of_entries=True,
    ),
    "inovasi": Group(
        _("Register of innovations"),
        ("innovation", "achievement", "joint_owner"),
        is_of_entries=True,
    ),
    "juri": Group(
        _("Jury and scores"),
        ("juror", "conflict", "assignments", "sheet"),
        is_of_entries=True,
    ),
    "hasil": Group(
        _("Results and awards"),
        ("result", "award", "decree", "entries", "entry"),
        is_of_entries=True,
    ),
    "dokumen": Group(_("Documents"), ("document", "batch"), is_of_entries=True),
}

# The kinds of rows that entries speak of, as people call them.
KINDS: dict[str, Words] = {
    "accounts.user": _("Account"),
    "accounts.membership": _("Role"),
    "accounts.invitation": _("Invitation"),
    "accounts.handover": _("Handover"),
    "accounts.government": _("Government"),
    "accounts.institution": _("Institution"),
    "accounts.signatory": _("Signatory"),
    "competitions.competition": _("Competition"),
    "competitions.round": _("Round"),
    "innovations.innovation": _("Innovation"),
    "submissions.proposal": _("Proposal"),
    "submissions.evidence": _("Evidence"),
    "submissions.statementletter": _("Statement letter"),
    "judging.juror": _("Juror"),
    "judging.conflict": _("Conflict of interest"),
    "judging.scoringstage": _("Scoring stage"),
    "judging.scoresheet": _("Score sheet"),
    "judging.result": _("Result"),
    "awards.award": _("Award"),
    "awards.decree": _("Decree"),
    "documents.issueddocument": _("Document"),
    "documents.batch": _("Print batch"),
}

# What a field of `changes` is called, where its model has no words for it.
FIELDS: dict[str, Words] = {
    "event": _("Event"),
    "person": _("Person"),
    "institution": _("Institution"),
    "stage": _("Stage"),
    "competition": _("Competition"),
    "closes_at": _("Closes"),
    "opens_at": _("Opens"),
    "told": _("People told"),
    "announcement": _("Announcement"),
    "title": _("Title"),
    "type": _("Kind"),
    "url": _("Link"),
    "note": _("Note"),
    "to": _("To"),
    "replaced_by": _("Replaced by"),
    "parent": _("Stands below"),
    "consents": _("Statements"),
    # Governments and those who sign
    "short_name": _("Short name"),
    "time_zone": _("Time zone"),
    "secretariat_name": _("Name of the secretariat"),
    "contact": _("Contact"),
    "place": _("Place"),
    "emblem": _("Emblem"),
    "protection_officer_name": _("Data protection officer"),
    "protection_officer_contact": _("Contact of the data protection officer"),
    "position": _("Position"),
    "rank_grade": _("Rank and grade"),
    "employee_number": _("NIP"),
    "is_default": _("Signs unless another is chosen"),
    "ended_date": _("Last day in office"),
    # Rounds, their rules and events
    "registration_closes_at": _("Registration closes"),
    "order": _("Order"),
    "form": _("Form"),
    "sections": _("Sections"),
    "header": _("Header"),
    "letters": _("Letters"),
    "requirements": _("Requirements"),
    "scoring": _("Scoring"),
    "stages": _("Stages"),
    "criteria": _("Criteria"),
    "weight": _("Weight"),
    "words": _("Words"),
    "awards": _("Awards"),
    "jury": _("Jury"),
    "tracks": _("Tracks"),
    "categories": _("Categories"),
    "clusters": _("Clusters"),
    # What is deleted when its time is over
    "access_log": _("Entries of the access history"),
    "data_exports": _("Copies of own data"),
    "invitations": _("Invitations"),
    "mails_to_strangers": _("Mails to people without an account"),
    "unused_accounts": _("Accounts never used"),
    "message_bodies": _("Texts of messages"),
    "mails_of_forgotten": _("Mails of deleted accounts"),
    "abandoned_imports": _("Imports not finished"),
    "stalled_uploads": _("Uploads not finished"),
    "sessions": _("Sessions"),
    "session_traces": _("Traces of sessions"),
    "from_date": _("From"),
    "to_date": _("Until"),
    "proposal": _("Proposal"),
    "sha256": _("Fingerprint"),
    "digest": _("Fingerprint"),
    "number": _("Number"),
    "kind": _("Kind"),
    "passed": _("Passed"),
    "not_met": _("Not met"),
    "failed": _("Not passed"),
    "kept_back": _("Kept back"),
    "due_at": _("To be sent again before"),
    "parts": _("Parts"),
    "part": _("Part"),
    "is_done": _("Marked as done"),
    "arrived_at": _("Arrived late"),
    "upheld": _("Accepted"),
    "waits_for_second": _("Waits for a second person"),
    "files": _("Files"),
    "background": _("Background"),
    "added": _("Added"),
    "conflicts": _("Conflicts of interest"),
    "sequence": _("Sequence"),
    "level": _("Award"),
    "decree_date": _("Date of the decree"),
    "publish_at": _("Published at"),
    "published_at": _("Published at"),
    "entries": _("Entries"),
    "new": _("New"),
    "changed": _("Changed"),
    "definition": _("Rules"),
    "year": _("Year"),
    "edition": _("Edition"),
    "slug": _("Address"),
    "name": _("Name"),
    "theme": _("Theme"),
    "version": _("Version"),
    "successor": _("Successor"),
    "state": _("State"),
    "roles": _("Roles"),
    "predecessors": _("Predecessors"),
    "path": _("Place in the tree"),
    "kinds": _("Kinds"),
    "is_active": _("Active"),
    "handover": _("Handover"),
    "from": _("From"),
    "email": _("E-mail"),
    "count": _("Number of rows"),
    "code": _("Code"),
    "body": _("Body"),
    "address": _("Address"),
    "active_to": _("Active until"),
}
# Of which model the names in `changes` are fields, where that is not the target's.
SUBJECTS: dict[str, str] = {
    "announcement": "competitions.announcement",
    "attachment": "competitions.attachment",
    "attendance": "competitions.registration",
    "event": "competitions.event",
    "recovery_codes": "mfa.authenticator",
    "registration": "competitions.registration",
    "second_factor": "mfa.authenticator",
    "stage": "competitions.stage",
    "stage_exception": "competitions.stageexception",
}
# What `changes` call otherwise than that model does, by noun and name.
ALIASES: dict[tuple[str, str], str] = {
    ("second_factor", "kinds"): "type",
    ("stage", "stage"): "kind",
}
# Actions whose `changes` are named by a choice of a field: its words name them.
NAMED_BY_CHOICE: dict[str, tuple[str, str]] = {
    "round.calendar_changed": ("competitions.stage", "kind"),
}
# Fields that hold a list; all others hold their new value or [old, new].
LISTS = frozenset({"kinds", "not_met", "predecessors", "roles"})


def noun_of(action: str) -> str:
    return action.partition(".")[0]


def sentence(action: str) -> str:
    """Say `action` in words; an unknown one as it stands."""
    return str(ACTIONS.get(action, action))


def group_of(action: str) -> str:
    """Give the key of the group that `action` belongs to, or nothing."""
    noun = noun_of(action)
    return next((key for key, group in GROUPS.items() if noun in group.nouns), "")
