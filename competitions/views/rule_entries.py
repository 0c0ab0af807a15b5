"""Adding, changing, moving and removing one entry of the rules."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from competitions import placeholders, services
from competitions.definitions import LetterDefinition, RoundDefinition
from competitions.forms import (
    ENTRY_FORMS,
    EntryForm,
    TieBreakForm,
    UsualRequirementsForm,
    entry_form,
)
from competitions.models import Requirement
from competitions.rule_lists import (
    OF_FORM,
    Link,
    NoSuchEntry,
    RuleList,
    rule_list,
)
from competitions.rule_rows import label_of, texts
from competitions.setup import URL_NAMES
from competitions.views.setup_pages import (
    render_step,
    rules_to_edit,
    told_of_saving,
)

USUAL_REQUIREMENTS = "lazim"


class _Place:
    """The list an address names, with the rules of the round it belongs to."""

    def __init__(self, request: SignedInRequest, slug: str, key: str) -> None:
        self.request = request
        self.rules_to_edit = rules_to_edit(request, slug)
        self.round = self.rules_to_edit.round
        self.rules: RoundDefinition = self.rules_to_edit.definition
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

    def change(self, change: Callable[[RoundDefinition], RoundDefinition]) -> None:
        """Change the rules; those of an open round are only prepared."""
        services.change_rules(
            round=self.round,
            change=change,
            actor=self.request.user,
            at=self.request.received_at,
        )

    def told(self, sentence: str) -> None:
        told_of_saving(self.request, self.rules_to_edit, sentence)

    def form(self, data: Any, entry: Any = None) -> EntryForm:
        if self.listed.kind not in ENTRY_FORMS:
            raise Http404
        more: dict[str, Any] = {}
        if entry is None and (code := self.request.GET.get("salin")):
            more["model"] = self.entry(code)
        if self.listed.kind == "syarat" and entry is None:
            if self.request.GET.get("aturan") == USUAL_REQUIREMENTS:
                return self._usual_requirements(data)
            more["rule"] = more["model"].rule if more else _chosen_rule(self.request)
        return entry_form(self.listed, self.rules, data, entry, **more)

    def _usual_requirements(self, data: Any) -> EntryForm:
        taken = [each.code for each in self.rules.requirements]
        return UsualRequirementsForm(data, rules=self.rules, taken=taken)


def _chosen_rule(request: HttpRequest) -> str:
    rule = request.GET.get("aturan", Requirement.Rule.MANUAL)
    if rule not in Requirement.Rule.values:
        raise Http404
    return rule


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
    if request.method == "POST" and form.is_valid():
        entries = form.as_entries() if entry is None else [form.as_entry()]
        parent = form.cleaned_data.get("parent", "")
        try:
            place.change(_saving(listed, entries, parent, entry))
        except services.RulesRefused as refusal:
            form.add_error(None, refusal.message)
        except NoSuchEntry:
            form.add_error(None, _("Somebody removed it meanwhile. Go back and look."))
        else:
            label = ", ".join(label_of(listed, place.rules, each) for each in entries)
            place.told(_("“%(name)s” is saved.") % {"name": label[:80]})
            if "lagi" in request.POST:
                return redirect(request.get_full_path())
            return redirect(place.url(entries[0].code))
    _title, help_text, add_label, _empty = texts(listed.kind)
    return render_step(
        request,
        "entry_edit",
        place.rules_to_edit,
        listed.step,
        form=form,
        formset=[form],
        heading=label_of(listed, place.rules, entry) if entry else add_label,
        help=help_text,
        blocks=_blocks(form),
        list_url=place.url(entry.code if entry else ""),
        delete_url=reverse(
            "competitions:entry_delete", args=[place.round.slug, listed.key, entry.code]
        )
        if entry
        else "",
        copy_url=_copy_url(place, entry) if entry else "",
        letter=_sample(place, entry) if listed.kind == "surat" else None,
    )


def _copy_url(place: _Place, entry: Any) -> str:
    listed = place.listed
    page = reverse("competitions:entry_create", args=[place.round.slug, listed.key])
    return f"{page}?salin={entry.code}"


def _saving(
    listed: RuleList, entries: Sequence[Any], parent: str, entry: Any
) -> Callable[[RoundDefinition], RoundDefinition]:
    def save(rules: RoundDefinition) -> RoundDefinition:
        if entry is None:
            for each in entries:
                rules = listed.add(rules, each, parent)
            return rules
        (made,) = entries
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
    # A round of one track asks nobody for tracks.
    return [
        {
            "title": title,
            "fields": [form[name] for name in names if name in form.fields],
        }
        for title, names in groups
        if any(name in form.fields for name in names)
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
            place.change(lambda rules: place.listed.add(rules, Link(code)))
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
        place.change(lambda rules: place.listed.move(rules, code, to))
    except services.RulesRefused as refusal:
        messages.error(request, refusal.message)
    except NoSuchEntry:
        raise Http404 from None
    else:
        place.told(
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
    refusal = ""
    if request.method == "POST":
        try:
            place.change(lambda rules: place.listed.remove(rules, code))
        except services.RulesRefused as error:
            refusal = error.message
        except NoSuchEntry:
            return redirect(place.url())
        else:
            place.told(_("“%(name)s” was removed.") % {"name": label[:80]})
            return redirect(place.url())
    return render_step(
        request,
        "entry_delete",
        place.rules_to_edit,
        place.listed.step,
        label=label,
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
