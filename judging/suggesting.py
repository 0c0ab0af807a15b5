"""Conflicts that the portal suspects, for a person to confirm or dismiss.

Nothing is stored until somebody decides: what is found always fits the jurors, roles
and proposals as they are now. Source: rule SCO-18 in docs/rules.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Institution, Membership
from competitions.models import Round
from innovations.models import JointOwner
from judging import likeness
from judging.models import Conflict, ConflictSuggestion, Juror
from submissions.models import Answer, Proposal

Kind = Conflict.Kind
Source = ConflictSuggestion.Source
# An address shared by more institutions than these is that of the whole government.
MOST_WITH_ONE_DOMAIN = 3


@dataclass(frozen=True)
class Suggestion:
    """That a juror may be in conflict with an institution, or with one proposal."""

    juror: Juror
    source: str
    kind: str
    reason: str
    institution: Institution | None = None
    proposal: Proposal | None = None

    @property
    def key(self) -> str:
        """Its name among those of one round: where it comes from, and about what."""
        subject = self.institution.code if self.institution else ""
        return f"{self.juror.key}:{self.source}:{subject or self._proposal_code}"

    @property
    def _proposal_code(self) -> str:
        return self.proposal.code if self.proposal else ""

    @property
    def subject(self) -> Institution | Proposal:
        found = self.institution or self.proposal
        assert found is not None
        return found

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def source_label(self) -> str:
        return str(Source(self.source).label)


def find(round: Round, at: datetime) -> list[Suggestion]:
    """Find what is suspected of the sitting jurors of `round`, in nine queries at most.

    Left out is what was decided, and what a conflict that stands covers.
    """
    return list(_Search(round, at).found())


class _Search:
    """All that one look needs, loaded once."""

    def __init__(self, round: Round, at: datetime) -> None:
        self.round = round
        self.at = at
        self.jurors = list(
            Juror.objects.filter(round=round).sitting().select_related("user")
        )
        for juror in self.jurors:
            juror.round = round
        self.by_user = {juror.user_id: juror for juror in self.jurors}

    def found(self) -> Iterator[Suggestion]:
        if not self.jurors:
            return
        seen: set[tuple[int, int | None, int | None]] = set()
        for each in self._all():
            institution = each.institution.pk if each.institution else None
            proposal = each.proposal.pk if each.proposal else None
            subject = (each.juror.pk, institution, proposal)
            is_known = subject in seen or self._is_settled(each)
            if not is_known:
                seen.add(subject)
                yield each

    def _all(self) -> Iterator[Suggestion]:
        # The plainest ground first: of several for one pair it alone is shown.
        yield from self._from_work()
        yield from self._from_joint_owners()
        yield from self._from_roles()
        yield from self._from_affiliations()
        yield from self._from_addresses()
        yield from self._from_tree()

    # What is known already ------------------------------------------------------------

    def _is_settled(self, each: Suggestion) -> bool:
        institution = each.institution.pk if each.institution else None
        proposal = each.proposal.pk if each.proposal else None
        if (each.juror.pk, each.source, institution, proposal) in self._decided:
            return True
        subject = each.subject
        house = subject.institution if isinstance(subject, Proposal) else subject
        return proposal in self._barred[each.juror.pk] or any(
            house.government_id == above.government_id
            and house.path.startswith(above.path)
            for above in self._houses[each.juror.pk]
        )

    @cached_property
    def _decided(self) -> set[tuple[int, str, int | None, int | None]]:
        rows = ConflictSuggestion.objects.filter(juror__round=self.round)
        return set(rows.values_list("juror", "source", "institution", "proposal"))

    @cached_property
    def _conflicts(self) -> list[Conflict]:
        rows = Conflict.objects.filter(juror__round=self.round)
        return list(rows.select_related("institution"))

    @cached_property
    def _barred(self) -> Mapping[int, set[int]]:
        barred = defaultdict(set)
        for each in self._conflicts:
            if each.proposal_id:
                barred[each.juror_id].add(each.proposal_id)
        return barred

    @cached_property
    def _houses(self) -> Mapping[int, list[Institution]]:
        houses = defaultdict(list)
        for each in self._conflicts:
            if each.institution:
                houses[each.juror_id].append(each.institution)
        return houses

    # What is looked at ----------------------------------------------------------------

    @cached_property
    def _institutions(self) -> Sequence[Institution]:
        """Those of the government, and those above them in the order of the tree."""
        government = self.round.competition.government_id
        among = Institution.objects.filter(government=government)
        return list(
            among.only("government", "code", "name", "short_name", "email", "path")
            .prefetch_related("former_names")
            .in_tree_order()
        )

    @cached_property
    def _memberships(self) -> Sequence[Membership]:
        rows = Membership.objects.filter(
            user__in=self.by_user, institution__isnull=False
        )
        return list(
            rows.select_related("institution__government").order_by("-from_date", "pk")
        )

    def _proposals(self, condition: Q) -> Sequence[Proposal]:
        """Those of the round that `condition` names, with all that is said of them.

        Asked only once somebody is known to be near: of 1,000 it is a handful.
        """
        rows = Proposal.objects.filter(condition, round=self.round).entered()
        return list(
            rows.select_related("institution", "innovation")
            .only(
                *("code", "title", "institution", "innovation__merged_into"),
                *("institution__government", "institution__path"),
            )
            .order_by("pk")
        )

    def _from_work(self) -> Iterator[Suggestion]:
        """Who wrote, endorsed or sent the innovation, this year or before."""
        pairs = self._writers()
        if not pairs:
            return
        known = {family for _user, family in pairs}
        families: dict[int, list[Proposal]] = defaultdict(list)
        for proposal in self._proposals(
            Q(innovation__in=known) | Q(innovation__merged_into__in=known)
        ):
            families[proposal.innovation.family].append(proposal)
        for user, family in sorted(pairs):
            for proposal in families.get(family, []):
                yield Suggestion(
                    juror=self.by_user[user],
                    source=Source.PROPOSAL,
                    kind=Kind.OWN_PROPOSAL,
                    reason=_("Wrote, endorsed or sent a proposal of this innovation."),
                    proposal=proposal,
                )

    def _writers(self) -> set[tuple[int, int]]:
        """Who of the jurors worked on which innovation, in any round, by their ids."""
        people = ("created_by", "endorsed_by", "submitted_by", "header_saved_by")
        rows = Proposal.objects.filter(_any_of(people, self.by_user)).values_list(
            "innovation", "innovation__merged_into", *people
        )
        # Apart from the above: joined, the texts of all proposals would be read.
        answers = Answer.objects.filter(saved_by__in=self.by_user).values_list(
            "proposal__innovation", "proposal__innovation__merged_into", "saved_by"
        )
        return {
            (user, merged_into or innovation)
            for innovation, merged_into, *users in chain(rows, answers.distinct())
            for user in users
            if user in self.by_user
        }

    def _from_joint_owners(self) -> Iterator[Suggestion]:
        """Who works, or worked, for a second owner of the innovation."""
        houses = {each.institution_id for each in self._memberships}
        owned = defaultdict(set)
        if houses:
            owners = JointOwner.objects.confirmed().filter(institution__in=houses)
            for house, innovation in owners.values_list("institution", "innovation"):
                owned[house].add(innovation)
        if not owned:
            return
        proposals = self._proposals(Q(innovation__in=set().union(*owned.values())))
        for each in self._memberships:
            for proposal in proposals:
                if proposal.innovation_id not in owned.get(
                    each.institution_id or 0, ()
                ):
                    continue
                yield Suggestion(
                    juror=self.by_user[each.user_id],
                    source=Source.PROPOSAL,
                    kind=Kind.EMPLOYER,
                    reason=_("%(institution)s owns this innovation jointly.")
                    % {"institution": each.institution},
                    proposal=proposal,
                )

    def _from_roles(self) -> Iterator[Suggestion]:
        """Roles that are over, or yet to begin; those in force are conflicts."""
        for each in self._memberships:
            if each.institution is None or self._is_elsewhere(each.institution):
                continue
            is_over = each.period_at(self.at) == Membership.Period.OVER
            yield Suggestion(
                juror=self.by_user[each.user_id],
                source=Source.MEMBERSHIP,
                kind=Kind.FORMER_POSTING if is_over else Kind.EMPLOYER,
                reason=(
                    _("Held the role %(role)s there.")
                    if is_over
                    else _("Holds the role %(role)s there.")
                )
                % {"role": each.get_role_display()},
                institution=each.institution,
            )

    def _from_affiliations(self) -> Iterator[Suggestion]:
        common = frozenset(likeness.words_of(self.round.competition.government.name))
        for juror in self.jurors:
            if not juror.affiliation:
                continue
            is_former = likeness.is_former(juror.affiliation)
            for institution in self._institutions:
                if _is_named(juror.affiliation, institution, common):
                    yield Suggestion(
                        juror=juror,
                        source=Source.AFFILIATION,
                        kind=Kind.FORMER_POSTING if is_former else Kind.EMPLOYER,
                        reason=_("The affiliation reads “%(affiliation)s”.")
                        % {"affiliation": juror.affiliation},
                        institution=institution,
                    )

    def _from_addresses(self) -> Iterator[Suggestion]:
        houses: dict[str, list[Institution]] = defaultdict(list)
        for institution in self._institutions:
            if domain := likeness.domain_of(institution.email):
                houses[domain].append(institution)
        for juror in self.jurors:
            domain = likeness.domain_of(juror.user.email)
            alike = houses.get(domain, [])
            if len(alike) > MOST_WITH_ONE_DOMAIN:
                continue
            for institution in alike:
                yield Suggestion(
                    juror=juror,
                    source=Source.ADDRESS,
                    kind=Kind.EMPLOYER,
                    reason=_("The e-mail address ends in %(domain)s, as theirs does.")
                    % {"domain": domain},
                    institution=institution,
                )

    def _from_tree(self) -> Iterator[Suggestion]:
        """The institutions above the employer; those below are in the conflict."""
        by_path = {each.path: each for each in self._institutions}
        current = Membership.Period.CURRENT
        for each in self._memberships:
            house = each.institution
            if house is None or each.period_at(self.at) != current:
                continue
            if self._is_elsewhere(house):
                continue
            for above in _paths_above(house.path):
                if above in by_path:
                    yield Suggestion(
                        juror=self.by_user[each.user_id],
                        source=Source.TREE,
                        kind=Kind.SUPERVISION,
                        reason=_("Stands above %(institution)s, where the juror works.")
                        % {"institution": house},
                        institution=by_path[above],
                    )

    def _is_elsewhere(self, institution: Institution) -> bool:
        return institution.government_id != self.round.competition.government_id


def _any_of(fields: Sequence[str], users: Mapping[int, Juror]) -> Q:
    found = Q(pk__in=[])
    for field in fields:
        found |= Q(**{f"{field}__in": list(users)})
    return found


def _is_named(
    affiliation: str, institution: Institution, common: frozenset[str]
) -> bool:
    names = [(institution.name, institution.short_name)]
    names += [
        (former.name, former.short_name) for former in institution.former_names.all()
    ]
    return any(
        likeness.is_like(affiliation, name=name, short_name=short, common=common)
        for name, short in names
    )


def _paths_above(path: str) -> list[str]:
    """The paths of those above, the nearest first."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[:place]) + "/" for place in range(len(codes) - 1, 0, -1)]
