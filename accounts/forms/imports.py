"""Uploading a table, and narrowing what it would do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import institution_table
from accounts.institution_table import MAX_BYTES, Table, TableUnreadable


class TableField(forms.FileField):
    """A table of institutions; its size is looked at before it is read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs["accept"] = ".xlsx,.csv"

    def to_python(self, data: UploadedFile | None) -> Table | None:  # type: ignore[override]
        if data is None:
            return None
        self.file_name = str(data.name)
        if (data.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than 5 MB. A table of institutions is not.")
            )
        try:
            return institution_table.read_table(self.file_name, data.read())
        except TableUnreadable as refusal:
            raise ValidationError(refusal.message) from refusal


class ImportForm(forms.Form):
    """The table to be checked."""

    table = TableField(
        label=gettext_lazy("Table of institutions"),
        help_text=gettext_lazy("XLSX or CSV, 5 MB and 10,000 rows at most."),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    @property
    def file_name(self) -> str:
        return str(getattr(self.fields["table"], "file_name", ""))
