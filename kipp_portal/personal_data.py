"""The copy of all that the portal keeps of a person, put together from every app."""

import json
import shutil
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.translation import gettext as _

import accounts.personal_data
import awards.personal_data
import competitions.personal_data
import documents.personal_data
import innovations.personal_data
import judging.personal_data
import notifications.personal_data
import submissions.personal_data
from accounts.models import User
from core.cleaning import clean_file_name
from core.dates import format_datetime
from core.personal_data import FilePart, Portion

# Every app that keeps something of people, from the account to the award.
COLLECTORS = (
    accounts.personal_data,
    notifications.personal_data,
    documents.personal_data,
    competitions.personal_data,
    innovations.personal_data,
    submissions.personal_data,
    judging.personal_data,
    awards.personal_data,
)

# Fields that point at a person and are read by no app above, each with the reason.
_IN_THE_LOG = "what the person did; the log of their own actions says it"
LEFT_OUT = {
    "accounts.DataRequest.answered_by": _IN_THE_LOG,
    "accounts.Handover.ordered_by": _IN_THE_LOG,
    "accounts.InstitutionImport.made_by": _IN_THE_LOG,
    "accounts.Invitation.invited_by": _IN_THE_LOG,
    "competitions.Attachment.uploaded_by": "a paper of the government, not of a person",
    "competitions.Registration.attendance_noted_by": _IN_THE_LOG,
    "competitions.RuleChange.decided_by": _IN_THE_LOG,
    "competitions.RuleChange.opened_by": _IN_THE_LOG,
    "competitions.RuleChange.refused_by": _IN_THE_LOG,
    "competitions.RuleChange.requested_by": _IN_THE_LOG,
    "competitions.StageException.granted_by": _IN_THE_LOG,
    "innovations.Achievement.confirmed_by": _IN_THE_LOG,
    "innovations.Achievement.recorded_by": _IN_THE_LOG,
    "innovations.Innovation.retired_by": _IN_THE_LOG,
    "innovations.JointOwner.asked_by": _IN_THE_LOG,
    "innovations.JointOwner.confirmed_by": _IN_THE_LOG,
    "innovations.YearStatus.noted_by": _IN_THE_LOG,
    "judging.Result.sealed_by": _IN_THE_LOG,
    "judging.Correction.opened_by": _IN_THE_LOG,
    "judging.Correction.closed_by": _IN_THE_LOG,
    "judging.Plenary.opened_by": _IN_THE_LOG,
    "judging.Plenary.closed_by": _IN_THE_LOG,
    "judging.PlenaryDecision.recorded_by": _IN_THE_LOG,
    "monitoring.Broadcast.ordered_by": _IN_THE_LOG,
    "monitoring.Broadcast.written_by": _IN_THE_LOG,
    "monitoring.BroadcastRecipient.user": "the message itself is in the copy",
    "monitoring.Nudge.noted_by": _IN_THE_LOG,
    "notifications.ChatScope.opened_by": _IN_THE_LOG,
    "notifications.MessageTemplate.changed_by": _IN_THE_LOG,
    "submissions.ExportChoice.user": "only which columns were ticked last",
    "submissions.PartialUpload.owner": "a file on its way in, gone within two days",
    "pghistory.MiddlewareEvents.user": "a view of the history tables, no table",
}


def collect(user: User) -> list[Portion]:
    """Ask every app, in the person's language."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        return [collector.collect(user) for collector in COLLECTORS]


def write_copy(*, user: User, target: IO[bytes], at: datetime) -> None:
    """Write a ZIP of JSON files, the person's own files, and a page that explains it.

    Files are copied in pieces, so that memory stays small whatever their size. One that
    is missing from the storage is named in the explanation, the rest is still given.
    """
    portions = collect(user)
    missing: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for portion in portions:
            for section in portion.sections:
                text = json.dumps(
                    [_readable(row) for row in section.rows],
                    cls=DjangoJSONEncoder,
                    ensure_ascii=False,
                    indent=2,
                )
                archive.writestr(f"data/{section.name}.json", text)
        for path, part in _named(part for each in portions for part in each.files):
            try:
                source = part.open()
            except FileNotFoundError:
                missing.append(path)
                continue
            with source, archive.open(path, "w", force_zip64=True) as kept:
                shutil.copyfileobj(source, kept)
        archive.writestr("BACA-DULU.txt", _explanation(user, missing, at))


def _readable(value: Any) -> Any:
    """Write moments in local time; keys and shapes stay."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dict):
        return {str(key): _readable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_readable(each) for each in value]
    return value


def _named(parts: Iterable[FilePart]) -> Iterable[tuple[str, FilePart]]:
    """Give each file a path of its own that no unpacking can be led astray by."""
    taken: set[str] = set()
    for part in parts:
        *folders, name = (
            each for each in PurePosixPath(part.path).parts if each not in ("/", "..")
        )
        ending = PurePosixPath(name).suffix
        name = clean_file_name(name, ending)
        path, number = "/".join([*folders, name]), 1
        while path.lower() in taken:
            number += 1
            stem = name.removesuffix(ending)
            path = "/".join([*folders, f"{stem} ({number}){ending}"])
        taken.add(path.lower())
        yield path, part


def _explanation(user: User, missing: list[str], at: datetime) -> str:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        lines = [
            _("Copy of the personal data of %(name)s") % {"name": user.name},
            _("Made on %(moment)s by Portal KIPP.") % {"moment": format_datetime(at)},
            "",
            _("The folder data holds one JSON file for each kind of data."),
            _("The other folders hold files you uploaded and papers issued to you."),
            _(
                "Not in here: data of other people, texts of proposals of institutions "
                "you do not work for, and passwords (nobody can read those)."
            ),
        ]
        if missing:
            lines += ["", _("These files are no longer in the storage:"), *missing]
    return "\n".join(lines) + "\n"
