"""Adding, changing, moving and removing one entry of the rules."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from competitions import building, phases, placeholders, queries, services
from competitions.checks import Step
from competitions.definitions import LetterDefinition, RoundDefinition
from competitions.forms import (
    AwardForm,
    CategoryForm,
    ClusterForm,
    ConsentForm,
    CriterionForm,
    EntryForm,
    HeaderFieldForm,
    LetterForm,
    PredicateForm,
    ReasonForm,
    RequirementForm,
    ScoringStageForm,
    SectionForm,
    TieBreakForm,
    TrackForm,
)
from competitions.models import Requirement, Stage
from competitions.queries import RoundParts
from competitions.rule_lists import (
    OF_FORM,
    Link,
    NoSuchEntry,
    RuleList,
    rule_list,
)
from competitions.rule_rows import label_of, texts
from competitions.setup import URL_NAMES
from competitions.views.setup_pages import render_step, round_to_set_up

FORMS: dict[str, type[EntryForm]] = {
    "isian": HeaderFieldForm,
    "bagian": SectionForm,
    "surat": LetterForm,
    "pernyataan": ConsentForm,
    "kelompok": TrackForm,
    "kategori": CategoryForm,
    "klaster": ClusterForm,
    "syarat": RequirementForm,
    "tahap": ScoringStageForm,
    "kriteria": CriterionForm,
    "predikat": PredicateForm,
    "penghargaan": AwardForm,
}


class _Place:
    """The list an address names, with the rules of the round it belongs to."""

    def __init__(self, request: SignedInRequest, slug: str, key: str) -> None:
        self.request = request
        self.round = round_to_set_up(request, slug)
        self.parts: RoundParts = queries.round_parts(self.round)
        self.rules: RoundDefinition = building.definition_of(self.parts)
        try:
            self.listed: RuleList = rule_list(key)
            self.listed.read(self.rules)
        except NoSuchEntry:
            raise Http404 from None

    def entry(self, code: str) -> Any:
        try:
            return self.listed.find(self.rules, code)
        except NoSuchEntry:
            raise Http404 from None

    def url(self, code: str = "") -> str:
        page = reverse(URL_NAMES[self.listed.step], args=[self.round.slug])
        return f"{page}#{self.listed.anchor(code)}" if code else page

    def change(
        self, change: Callable[[RoundDefinition], RoundDefinition], reason: str
    ) -> None:
        """Change the rules; a form that is written on already gets a new version."""
        form = self.parts.form
        self._refuse_while_judged()
        services.change_rules(
            round=self.round,
            change=change,
            actor=self.request.user,
            at=self.request.received_at,
            reason=reason,
            new_form_version=self.listed.kind in OF_FORM
            and form is not None
            # Proposals stand above this layer: they are asked through the relation.
            and form.proposal_set.exists(),
        )

    def _refuse_while_judged(self) -> None:
        """What scores and ranks go by stands once the jury scores."""
        scoring = phases.stage_of_kind(self.parts.stages, Stage.Kind.SCORING)
        if (
            self.round.is_opened
            and self.listed.step in {Step.SCORING, Step.AWARDS}
            and scoring is not None
            and scoring.opens_at <= self.request.received_at
        ):
            raise services.RulesRefused(
                _("The jury scores already. Scoring and awards can no longer change.")
            )

    def form(self, data: Any, entry: Any = None) -> EntryForm:
        kind = self.listed.kind
        if kind not in FORMS:
            raise Http404
        details: dict[str, Any] = {"rules": self.rules, "entry": entry}
        details["taken"] = [each.code for each, _depth in self.listed.walk(self.rules)]
        if self.listed.stage:
            details["stage"] = next(
                each for each in self.rules.scoring if each.code == self.listed.stage
            )
        if kind == "syarat" and entry is None:
            details["rule"] = _chosen_rule(self.request)
        return FORMS[kind](data, **details)

    def reason(self) -> ReasonForm | None:
        return ReasonForm(self.request.POST or None) if self.round.is_opened else None


def _chosen_rule(request: HttpRequest) -> str:
    rule = request.GET.get("aturan", Requirement.Rule.MANUAL)
    if rule not in Requirement.Rule.values:
        raise Http404
    return rule


def _reason_of(form: ReasonForm | None) -> str:
    return str(form.cleaned_data["reason"]) if form else ""


@require_http_methods(["GET", "POST"])
def entry_create(request: SignedInRequest, round: str, key: str) -> HttpResponse:
    """Add an entry at the end of a list."""
    place = _Place(request, round, key)
    return _edit(place, place.form(request.POST or None))


@require_http_methods(["GET", "POST"])
def entry_edit(
    request: SignedInRequest, round: str, key: str, code: str
) -> HttpResponse:
    """Change an entry."""
    place = _Place(request, round, key)
    entry = place.entry(code)
    return _edit(place, place.form(request.POST or None, entry), entry)


def _edit(place: _Place, form: EntryForm, entry: Any = None) -> HttpResponse:
    request, listed = place.request, place.listed
    reason = place.reason()
    # Both are asked, so that every mistake is shown at once.
    is_fine = form.is_valid() & (reason is None or reason.is_valid())
    if request.method == "POST" and is_fine:
        made = form.as_entry()
        parent = form.cleaned_data.get("parent", "")
        try:
            place.change(_saving(listed, made, parent, entry), _reason_of(reason))
        except services.RulesRefused as refusal:
            form.add_error(None, refusal.message)
        except NoSuchEntry:
            form.add_error(None, _("Somebody removed it meanwhile. Go back and look."))
        else:
            label = label_of(listed, place.rules, made)
            messages.success(request, _("“%(name)s” is saved.") % {"name": label[:80]})
            return redirect(place.url(made.code))
    _title, help_text, add_label, _empty = texts(listed.kind)
    return render_step(
        request,
        "entry_edit",
        place.parts,
        listed.step,
        form=form,
        formset=[form, *([reason] if reason else [])],
        reason=reason,
        heading=label_of(listed, place.rules, entry) if entry else add_label,
        help=help_text,
        blocks=_blocks(form),
        list_url=place.url(entry.code if entry else ""),
        delete_url=reverse(
            "competitions:entry_delete", args=[place.round.slug, listed.key, entry.code]
        )
        if entry
        else "",
        letter=_sample(place, entry) if listed.kind == "surat" else None,
    )


def _saving(
    listed: RuleList, made: Any, parent: str, entry: Any
) -> Callable[[RoundDefinition], RoundDefinition]:
    def save(rules: RoundDefinition) -> RoundDefinition:
        if entry is None:
            return listed.add(rules, made, parent)
        entry_now = made
        if listed.is_tree:
            # What stands below it has pages of its own and may have changed meanwhile.
            below = listed.find(rules, made.code).criteria
            entry_now = replace(made, criteria=below)
            if listed.parent_of(rules, made.code) != parent:
                return listed.add(listed.remove(rules, made.code), entry_now, parent)
        if listed.kind == "tahap":
            now = listed.find(rules, made.code)
            entry_now = replace(made, criteria=now.criteria, predicates=now.predicates)
        return listed.change(rules, made.code, entry_now)

    return save


def _blocks(form: EntryForm) -> list[dict[str, Any]]:
    """The fields under their headings; most forms have none."""
    groups = getattr(form, "groups", None)
    if not groups:
        return [{"title": "", "fields": list(form)}]
    return [
        {"title": title, "fields": [form[name] for name in names]}
        for title, names in groups
    ]


def _sample(place: _Place, entry: LetterDefinition | None) -> dict[str, Any]:
    """The words a letter may hold, and how it reads for a proposal made up."""
    words = [
        *((word, str(meaning)) for word, meaning in placeholders.PLACEHOLDERS.items()),
        *(
            (f"{placeholders.FIELD_PREFIX}{field.code}", field.label)
            for field in place.rules.form.header
        ),
    ]
    values = {word: f"[{meaning}]" for word, meaning in words} | {
        "kompetisi": place.round.name,
        "tahun": str(place.round.year),
        "pemerintah": place.round.competition.government.name,
    }
    body = placeholders.fill_in(entry.body, values) if entry else ""
    return {"words": words, "body": body}


@require_POST
def link_create(request: SignedInRequest, round: str) -> HttpResponse:
    """Put one more criterion at the end of the tie-break chain."""
    place = _Place(request, round, "seri")
    form = TieBreakForm(request.POST, rules=place.rules)
    if form.is_valid():
        code = form.cleaned_data["link"]
        try:
            place.change(
                lambda rules: place.listed.add(rules, Link(code)),
                _("The order changed."),
            )
        except services.RulesRefused as refusal:
            messages.error(request, refusal.message)
        return redirect(place.url(code))
    messages.error(request, _("Choose a criterion that is not in the chain yet."))
    return redirect(place.url())


@require_POST
def entry_move(
    request: SignedInRequest, round: str, key: str, code: str
) -> HttpResponse:
    """Bring an entry one place up or down, or to the place it was dragged to."""
    place = _Place(request, round, key)
    entry = place.entry(code)
    now, count = place.listed.place_of(place.rules, code)
    wanted = request.POST.get("tempat", "")
    step = {"naik": -1, "turun": 1}.get(request.POST.get("arah", ""), 0)
    to = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else now + step
    to = max(0, min(to, count - 1))
    try:
        place.change(
            lambda rules: place.listed.move(rules, code, to), _("The order changed.")
        )
    except services.RulesRefused as refusal:
        messages.error(request, refusal.message)
    except NoSuchEntry:
        raise Http404 from None
    else:
        messages.success(
            request,
            _("“%(name)s” now stands at place %(place)d of %(count)d.")
            % {
                "name": label_of(place.listed, place.rules, entry)[:80],
                "place": to + 1,
                "count": count,
            },
        )
    return redirect(place.url(code))


@require_http_methods(["GET", "POST"])
def entry_delete(
    request: SignedInRequest, round: str, key: str, code: str
) -> HttpResponse:
    """Say what goes with an entry, then take it away."""
    place = _Place(request, round, key)
    entry = place.entry(code)
    label = label_of(place.listed, place.rules, entry)
    reason = place.reason()
    refusal = ""
    if request.method == "POST" and (reason is None or reason.is_valid()):
        try:
            place.change(
                lambda rules: place.listed.remove(rules, code), _reason_of(reason)
            )
        except services.RulesRefused as error:
            refusal = error.message
        except NoSuchEntry:
            return redirect(place.url())
        else:
            messages.success(
                request, _("“%(name)s” was removed.") % {"name": label[:80]}
            )
            return redirect(place.url())
    return render_step(
        request,
        "entry_delete",
        place.parts,
        place.listed.step,
        label=label,
        reason=reason,
        formset=[reason] if reason else [],
        refusal=refusal,
        list_url=place.url(code),
        consequences=_consequences(place, entry),
    )


def _consequences(place: _Place, entry: Any) -> list[str]:
    """What else changes when an entry is taken away."""
    rules, kind = place.rules, place.listed.kind
    found = []
    if kind in OF_FORM:
        found.append(
            _(
                "Proposals that are written already keep what stands in them: the form "
                "gets a new version."
            )
        )
    if kind == "bagian":
        found += [
            _("The criterion %(name)s no longer looks at it.") % {"name": each.name}
            for stage in rules.scoring
            for each in stage.tree()
            if entry.code in each.sections
        ]
    if kind == "kelompok":
        found.append(
            _("What is only for this track is named afterwards, so that you mend it.")
        )
    if kind == "kriteria" and entry.criteria:
        found.append(_("Everything that stands below it is removed too."))
    if kind in {"kriteria", "tahap"}:
        found.append(_("The weights and shares that are left must be 100 again."))
    if kind == "tahap":
        found.append(_("Its criteria are removed with it."))
    return found
