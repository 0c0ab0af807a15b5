"""Proposals taken out of the portal: papers, archives, tables, texts."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from competitions.models import Round
from competitions.views.running import running_round
from core.cleaning import clean_file_name
from core.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, XlsxWriter, csv_lines
from documents.files import disposition
from submissions import (
    archives,
    innovation_index,
    national_forms,
    proposal_paper,
    proposal_table,
    services,
)
from submissions.dossier import Dossier, load_dossier
from submissions.dossiers import load_dossiers
from submissions.forms.filters import ScreeningFilter
from submissions.forms.table import CSV, TableForm
from submissions.models import ExportChoice, Proposal, ProposalQuerySet
from submissions.views import shared

# Each has twenty lines of its own.
INDEX_PAGE_SIZE = 20


def _sent(response: HttpResponse | StreamingHttpResponse, name: str) -> None:
    ending = name[name.rindex(".") :]
    response["Content-Disposition"] = disposition(
        "attachment", clean_file_name(name, ending)
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"


@require_safe
def proposal_file(request: SignedInRequest, code: str) -> HttpResponse:
    """The whole proposal as one PDF, in the order of the national form."""
    proposal = shared.visible_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    content = proposal_paper.draw(dossier, request.received_at)
    response = HttpResponse(content, content_type="application/pdf")
    _sent(response, f"{proposal.code} {proposal.title}.pdf")
    return response


@require_safe
def proposal_archive(request: SignedInRequest, code: str) -> StreamingHttpResponse:
    """All files of one proposal as a ZIP."""
    proposal = shared.visible_proposal(request, code)
    return _archive([proposal], f"{proposal.code} data dukung.zip")


@require_safe
def round_archive(request: SignedInRequest, round: str) -> StreamingHttpResponse:
    """All files of the proposals of a round that fit the filters, as a ZIP."""
    found = running_round(request.user, round)
    return _archive(
        list(_filtered(request, found).order_by("code")),
        f"{found.slug} data dukung.zip",
    )


def _archive(proposals: Sequence[Proposal], name: str) -> StreamingHttpResponse:
    entries = archives.entries_of(proposals)
    response = StreamingHttpResponse(
        archives.zipped(entries), content_type="application/zip"
    )
    _sent(response, name)
    return response


def _filtered(request: SignedInRequest, round: Round) -> ProposalQuerySet:
    """The submitted proposals, as far as they fit the filters of the queue."""
    return _filter(request, round).rows


def _filter(request: SignedInRequest, round: Round) -> ScreeningFilter:
    proposals = Proposal.objects.screenable_by(request.user).entered()
    return ScreeningFilter(
        request.GET, queryset=proposals.filter(round=round), round=round
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_table_page(
    request: SignedInRequest, round: str
) -> HttpResponse | StreamingHttpResponse:
    """Choose the columns of the table, and download it as XLSX or CSV."""
    found = running_round(request.user, round)
    groups = proposal_table.groups_of(found)
    form = TableForm(request.POST or None, groups=groups)
    chosen = _filter(request, found)
    proposals = chosen.rows
    if request.method == "POST" and form.is_valid():
        columns = form.chosen()
        services.remember_columns(
            columns=[each.key for each in columns], actor=request.user
        )
        rows = proposal_table.rows_of(proposals, columns)
        name = f"{found.slug} proposal"
        if form.cleaned_data["bentuk"] == CSV:
            return _csv(rows, name)
        return _xlsx(rows, [each.width for each in columns], name)
    if not form.is_bound:
        last = ExportChoice.objects.filter(user=request.user).first()
        form.initial["kolom"] = last.columns if last else proposal_table.usual(groups)
    return render(
        request,
        "submissions/proposal_table.html",
        {
            "round": found,
            "form": form,
            "groups": _boxes(form),
            "number": proposals.count(),
            "query": request.GET.urlencode(),
            "is_narrow": chosen.is_narrow,
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _boxes(form: TableForm) -> list[dict[str, object]]:
    """The columns group by group, each with whether it is ticked."""
    ticked = set(form["kolom"].value() or [])
    return [
        {
            "label": label,
            "boxes": [
                {"key": key, "label": name, "is_ticked": key in ticked}
                for key, name in columns
            ],
        }
        for label, columns in form.fields["kolom"].choices  # type: ignore[attr-defined]
    ]


def _csv(rows: Iterator[list[Cell]], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(rows), content_type=CSV_TYPE)
    _sent(response, f"{name}.csv")
    return response


def _xlsx(
    rows: Iterator[list[Cell]], widths: Sequence[int], name: str
) -> StreamingHttpResponse:
    """Written row by row into a file, which is then sent; memory stays small."""
    writer = XlsxWriter()
    head = [str(cell) for cell in next(rows)]
    sheet = writer.add_sheet(_("Proposals"), head, widths)
    for row in rows:
        writer.add_row(sheet, row)
    target = TemporaryFile()  # noqa: SIM115  the response closes it
    writer.save(target)
    target.seek(0)
    response = FileResponse(target, content_type=XLSX_TYPE)
    _sent(response, f"{name}.xlsx")
    return response


@require_safe
def national_texts(request: SignedInRequest, code: str) -> HttpResponse:
    """The texts in the fields of the national form, to be copied one by one."""
    proposal = shared.visible_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    context = _pack(dossier, request.GET.get("formulir", ""))
    return render(
        request,
        "submissions/national_texts.html",
        context
        | {
            "tabs": [
                {
                    "label": _("Form %(year)s") % {"year": each.name},
                    "url": f"?formulir={each.code}",
                    "current": each == context["form"],
                }
                for each in national_forms.FORMS
            ],
        },
    )


@require_safe
def national_texts_file(request: SignedInRequest, code: str) -> HttpResponse:
    """The same as a ZIP: a page to copy from, and each text as a file."""
    proposal = shared.visible_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    out = BytesIO()
    with translation.override("id"), ZipFile(out, "w", ZIP_DEFLATED) as archive:
        context = _pack(dossier, request.GET.get("formulir", ""))
        archive.writestr(
            f"{proposal.code}.html",
            render_to_string("submissions/pack/texts.html", context),
        )
        archive.writestr(
            f"{proposal.code}.txt",
            render_to_string("submissions/pack/texts.txt", context),
        )
        form = national_forms.form_named(request.GET.get("formulir", ""), dossier)
        fields = national_forms.packed(dossier, form)
        for number, each in enumerate(fields, start=1):
            name = clean_file_name(
                f"{number:02} {each.title.replace('/', ', ')}", ".txt"
            )
            archive.writestr(f"teks/{name}", each.text)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    _sent(response, f"{proposal.code} SINOVIK.zip")
    return response


def _pack(dossier: Dossier, code: str) -> dict[str, object]:
    form = national_forms.form_named(code, dossier)
    fields = national_forms.packed(dossier, form)
    return {
        "proposal": dossier.proposal,
        "dossier": dossier,
        "form": form,
        "fields": fields,
        "rest": national_forms.left_over(dossier, form),
        "over_count": sum(bool(each.over) for each in fields),
        "empty_count": sum(not each.words for each in fields),
    }


@require_safe
def innovation_index_page(request: SignedInRequest, round: str) -> HttpResponse:
    """What the portal has for the regional innovation index, one by one."""
    found = running_round(request.user, round)
    chosen = _filter(request, found)
    proposals = chosen.rows.select_related("institution", "track", "round").order_by(
        "title", "pk"
    )
    page = Paginator(proposals, INDEX_PAGE_SIZE).get_page(request.GET.get("halaman"))
    lines = _index_lines(list(page.object_list))
    return render(
        request,
        "submissions/innovation_index.html",
        {
            "round": found,
            "page": page,
            "lines": lines,
            "filter": chosen,
            "indicators": innovation_index.INDICATORS,
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def innovation_index_file(
    request: SignedInRequest, round: str
) -> StreamingHttpResponse:
    """The same as XLSX: a row for each innovation and indicator."""
    found = running_round(request.user, round)
    proposals = _filtered(request, found).select_related("institution", "track")
    lines = _index_lines(list(proposals.order_by("title", "pk")))
    return _xlsx(
        innovation_index.table_of(lines),
        [14, 40, 40, 6, 36, 10, 22, 10, 50],
        f"{found.slug} IGA",
    )


def _index_lines(
    proposals: Sequence[Proposal],
) -> list[innovation_index.IndexLine]:
    return [
        innovation_index.line_of(dossier) for dossier in load_dossiers(proposals, {})
    ]
