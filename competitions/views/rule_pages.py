"""Set-up pages that show the lists of the rules; entries have pages of their own."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from competitions import building, definitions, queries, services
from competitions.checks import Step
from competitions.forms import FormBaseForm, JuryForm, usual_requirements
from competitions.models import Requirement, Section, Track
from competitions.queries import RoundParts
from competitions.rule_rows import rule_table
from competitions.setup import page_after
from competitions.views.setup_pages import (
    findings,
    render_step,
    round_to_set_up,
    rules_to_edit,
    told_of_saving,
)
from core import numbers
from innovations.sdgs import SDGS, sdg_labels

CONTENT_TYPES = {"yaml": "application/yaml", "json": "application/json"}


def _lists(
    request: SignedInRequest,
    slug: str,
    template: str,
    step: Step,
    keys: list[str],
    **context: object,
) -> HttpResponse:
    rules = rules_to_edit(request, slug)
    found = findings(request, rules)
    tables = [rule_table(key, rules.definition, slug, found) for key in keys]
    if step == Step.REQUIREMENTS:
        context["usual"] = usual_requirements(rules.definition)
    return render_step(
        request, template, rules, step, found=found, tables=tables, **context
    )


@require_safe
def group_list(request: SignedInRequest, round: str) -> HttpResponse:
    """Tracks, categories and clusters."""
    keys = ["kelompok", "kategori", "klaster"]
    return _lists(request, round, "group_list", Step.TRACKS, keys)


@require_safe
def requirement_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The administrative requirements; a new one begins with its rule."""
    return _lists(
        request,
        round,
        "requirement_list",
        Step.REQUIREMENTS,
        ["syarat"],
        kinds=Requirement.Rule.choices,
    )


@require_safe
def award_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The award scheme."""
    return _lists(request, round, "award_list", Step.AWARDS, ["penghargaan"])


@require_http_methods(["GET", "POST"])
def form_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """The proposal form: its name and statement, and the lists it is made of."""
    rules = rules_to_edit(request, round)
    definition = rules.definition
    form = FormBaseForm(
        request.POST or None,
        initial={
            "name": definition.form.name,
            "statement": definition.form.statement,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.change_rules(
                round=rules.round,
                change=lambda old: replace(old, form=replace(old.form, **data)),
                actor=request.user,
                at=request.received_at,
            )
        except services.RulesRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            told_of_saving(request, rules, _("Name and statement of the form saved."))
            return redirect("competitions:form_edit", round)
    problems = findings(request, rules)
    keys = ["isian", "bagian", "surat", "pernyataan"]
    return render_step(
        request,
        "form_edit",
        rules,
        Step.FORM,
        found=problems,
        form=form,
        formset=[form],
        tables=[rule_table(key, definition, round, problems) for key in keys],
    )


@require_safe
def form_preview(request: SignedInRequest, round: str) -> HttpResponse:
    """The proposal form as authors of a track will meet it, with the requirements."""
    rules = rules_to_edit(request, round)
    parts = rules.parts
    chosen = _chosen_track(request, parts)
    code = chosen.code if chosen else ""
    return render_step(
        request,
        "form_preview",
        rules,
        Step.FORM,
        track=chosen,
        tracks=[
            {
                "label": each.name,
                "url": f"?kelompok={each.code}",
                "current": each == chosen,
            }
            for each in parts.tracks
        ],
        words=parts.words_for(code),
        goals=sdg_labels(SDGS),
        header_fields=[each for each in parts.header_fields if each.is_for(code)],
        sections=[_previewed(each) for each in parts.sections if each.is_for(code)],
        letters=[each for each in parts.letters if each.is_for(code)],
        consents=[each for each in parts.consents if each.is_for(code)],
        requirements=[each for each in parts.requirements if each.is_for(code)],
    )


@dataclass(frozen=True)
class PreviewedSection:
    """A section with what its template would take longest to say."""

    section: Section
    limit: str
    evidence: str


def _previewed(section: Section) -> PreviewedSection:
    limit = evidence = ""
    if section.word_limit:
        limit = _("0 of %(limit)s words") % {
            "limit": numbers.decimal(section.word_limit, 0)
        }
    if section.evidence_max_files:
        evidence = ngettext(
            "Evidence: at most %(files)s file of %(size)s",
            "Evidence: at most %(files)s files of %(size)s",
            section.evidence_max_files,
        ) % {
            "files": section.evidence_max_files,
            "size": numbers.file_size(section.evidence_max_bytes),
        }
    return PreviewedSection(section, limit, evidence)


def _chosen_track(request: SignedInRequest, parts: RoundParts) -> Track | None:
    code = request.GET.get("kelompok", "")
    first = parts.tracks[0] if parts.tracks else None
    return next((each for each in parts.tracks if each.code == code), first)


@require_http_methods(["GET", "POST"])
def jury_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """What holds for the panel: size, backgrounds, conflicts, quorum."""
    rules = rules_to_edit(request, round)
    form = JuryForm(request.POST or None, jury=rules.definition.jury)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_rules(
                round=rules.round,
                change=lambda old: replace(old, jury=form.as_jury()),
                actor=request.user,
                at=request.received_at,
            )
        except services.RulesRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            told_of_saving(request, rules, _("Jury rules saved."))
            if "lanjut" in request.POST:
                return redirect(page_after(rules.round, Step.JURY))
            return redirect("competitions:jury_edit", round)
    return render_step(
        request, "jury_edit", rules, Step.JURY, form=form, formset=[form]
    )


@require_safe
def round_rules(request: SignedInRequest, round: str, kind: str) -> HttpResponse:
    """All rules of the round as one file that other governments can begin with."""
    found = round_to_set_up(request, round)
    if kind not in CONTENT_TYPES:
        raise Http404
    rules = building.definition_of(queries.round_parts(found))
    write = definitions.to_yaml if kind == "yaml" else definitions.to_json
    answer = HttpResponse(
        write(rules), content_type=f"{CONTENT_TYPES[kind]}; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="aturan-{found.slug}.{kind}"'
    return answer
