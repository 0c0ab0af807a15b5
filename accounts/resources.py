"""Institutions in and out as tables, with the columns of the template."""

from typing import Any

from import_export import resources, widgets
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader

from accounts import institution_table as columns
from accounts.models import Government, Institution


class _ParentWidget(widgets.Widget):
    """A parent by its code; all of the government's are read once."""

    by_code: dict[str, Institution]

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Institution | None:
        return self.by_code[value] if value else None

    def render(self, value: Institution | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class InstitutionResource(resources.ModelResource):
    """One government's institutions; rows are checked before they come here."""

    code = Field("code", columns.CODE)
    kind = Field("kind", columns.KIND)
    name = Field("name", columns.NAME)
    short_name = Field("short_name", columns.SHORT_NAME)
    parent = Field("parent", columns.PARENT, widget=_ParentWidget())
    email = Field("email", columns.EMAIL)
    phone = Field("phone", columns.PHONE)
    address = Field("address", columns.ADDRESS)

    class Meta:
        model = Institution
        fields = tuple(columns.FIELDS.values())
        import_id_fields = ["code"]
        instance_loader_class = CachedInstanceLoader
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True
        use_bulk = True

    def __init__(self, *, government: Government) -> None:
        super().__init__()
        self.government = government

    def get_queryset(self) -> Any:
        return (
            Institution.objects.filter(government=self.government)
            .select_related("parent")
            .order_by("path", "pk")
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.fields["parent"].widget.by_code = {
            institution.code: institution for institution in self.get_queryset()
        }

    def init_instance(self, row: Any = None) -> Institution:
        return Institution(government=self.government)
