"""What a merge will do, decided once: choices go in, a plan comes out, and everybody reads the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import UnknownFieldError, UnknownLeadError

if TYPE_CHECKING:
    from .values import Sheet

# how a value came about
SURVIVOR = "survivor"  # the survivor's own
FILLED = "filled"  # the survivor had none: the first of the others that has one
COMBINED = "combined"  # of several leads together: notes, tags, the highest priority
PICKED = "picked"  # chosen by the user among the leads' values
ASKED = "asked"  # asked for by the user: this very value
RECOMPUTED = "recomputed"  # follows from the others, as Odoo computes it
CONVERTED = "converted"  # an amount of a lead's, in the currency of the result
DROPPED = "dropped"  # the result cannot hold it: see Plan.dropped


@dataclass(frozen=True)
class Choices:
    """What the user decided about one merge, beside which leads it takes.

    :param survivor_id: the lead that shall survive, ``None`` for the rule's
    :param picks: ``{field name: lead id}``; a property is named ``<field>.<property>``
    :param values: ``{field name: value as write() takes it}``
    :param user_id: the salesperson asked for, or ``False``
    :param team_id: the sales team asked for, or ``False``
    """

    survivor_id: int | None = None
    picks: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    user_id: int | bool = False
    team_id: int | bool = False

    @property
    def asked(self) -> dict[str, Any]:
        """The values asked for, salesperson and team among them."""
        named = {"user_id": self.user_id, "team_id": self.team_id}
        return {**self.values, **{name: value for name, value in named.items() if value}}

    @property
    def names(self) -> set[str]:
        """The fields that somebody chose a value for."""
        return {*self.picks, *self.asked}

    def check(self, lead_ids: Iterable[int], choosable: Iterable[str], apart: Iterable[str] = ()) -> None:
        """See that these choices can be followed for these leads.

        :param choosable: fields that ``write()`` may set: a value of them may be picked or asked for
        :param apart: fields of which a lead's value may be picked, and none asked for
        :raises UnknownFieldError: a field that nobody may choose
        :raises UnknownLeadError: a pick from a lead that is none of these
        """
        askable, members = set(choosable), set(lead_ids)
        pickable = {*askable, *apart}
        for names, known in ((self.picks, pickable), (self.values, askable)):
            for name in names:
                if name.partition(".")[0] not in known:
                    raise UnknownFieldError(name)
        for name, lead_id in self.picks.items():
            if lead_id not in members:
                raise UnknownLeadError(name)


class Decision(NamedTuple):
    """The value of one field after the merge.

    :param value: as ``write()`` takes it; many2many fields: the ids
    :param origin: id of the lead that it comes from; ``None`` where it is combined, asked for or recomputed
    :param how: one of the constants of this module
    """

    field: str
    value: Any
    how: str
    origin: int | None = None


@dataclass(frozen=True)
class Outcome:
    """Where the result stands in the pipeline.

    :param lead_id: the lead that it takes stage and chances from
    :param won_status: ``won``, ``lost`` or ``pending``
    :param automated: its probability is the predicted one
    :param predicted: what Odoo predicts, in per cent; ``None`` where that does not change
    :param date_closed: what the closing date has to be, ``None`` where Odoo's own is right
    """

    lead_id: int
    won_status: str = "pending"
    automated: bool = False
    predicted: float | None = None
    date_closed: Any = None


@dataclass
class Draft:
    """A plan while it is being made: all is decided but the chances, which may wait to be predicted with others'.

    :param sheets: the leads as plain values, in their order
    :param decisions: ``{field name: Decision}``
    :param furthest: the lead whose stage and chances the result takes
    :param result: the survivor with the values decided, as an unsaved record
    :param predicted: as :attr:`Outcome.predicted`
    :param asked: Odoo was asked what it predicts
    """

    rule: str
    choices: Choices
    sheets: Sequence[Sheet]
    decisions: dict[str, Decision]
    furthest: Sheet
    result: Any
    predicted: float | None = None
    asked: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(sheet.id for sheet in self.sheets)


class Findings(dict[int, dict[str, Any]]):
    """What is found out beforehand for merges that are planned together: ``{lead id: {column: value}}`` of the
    columns of several values, and drafts with their chances predicted."""

    def __init__(self, rows: Mapping[int, dict[str, Any]], drafts: Iterable[Draft] = ()):
        super().__init__(rows)
        self._drafts = {frozenset(draft.order): draft for draft in drafts}

    def draft(self, lead_ids: Iterable[int], choices: Choices) -> Draft | None:
        """Return the draft of merging these leads by these choices, if there is one."""
        found = self._drafts.get(frozenset(lead_ids))
        return found if found and found.choices == choices else None


@dataclass(frozen=True)
class File:
    """The file that a lead has in a binary field.

    :param id: of its attachment
    :param checksum: two files with the same one are the same
    """

    id: int
    size: int
    checksum: str | None


@dataclass(frozen=True)
class Plan:
    """What one merge gives. Made once; the window, the note, the write and the journal read it.

    :param order: ids of the leads, the survivor first, then in order of precedence
    :param rule: the survivor rule in force
    :param decisions: ``{field name: Decision}`` for all that the leads' values decide
    :param outcome: where the result stands
    :param columns: ``{column: whole value}`` of the columns of several values (JSON)
    :param properties: ``{"<field>.<property>": Decision}``
    :param dropped: ``{"<field>.<property>": lead id}``: nobody can hold these after the merge
    :param sheets: the leads as plain values, in the order of ``order``
    :param apart: ``{field name: Decision}`` for translations, values per company (the value is this company's)
        and files (the value is the attachment's id), which are not written by ``write()``
    :param gave_way: ``{lead id: {field name: {language or company: value}}}``: what it said and the result does not
    :param files: ``{field name: {lead id: File}}``
    :param file_picks: ``{field name: lead id}``: whose file stays, where it was picked
    :param currencies: ``{field name: id of the currency that the result's amount is in}``
    :param unrated: amounts that change currency without an exchange rate, and stay the same number
    """

    order: tuple[int, ...]
    rule: str
    choices: Choices
    decisions: Mapping[str, Decision]
    outcome: Outcome
    columns: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Decision] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    sheets: Sequence[Sheet] = ()
    apart: Mapping[str, Decision] = field(default_factory=dict)
    gave_way: Mapping[int, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    files: Mapping[str, Mapping[int, File]] = field(default_factory=dict)
    file_picks: Mapping[str, int] = field(default_factory=dict)
    currencies: Mapping[str, int] = field(default_factory=dict)
    unrated: frozenset[str] = frozenset()

    @property
    def survivor_id(self) -> int:
        return self.order[0]

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """``{field name: value}`` after the merge."""
        return {name: decision.value for name, decision in self.decisions.items()}

    def sheet(self, lead_id: int) -> Sheet:
        """Return what one of the leads said before the merge."""
        return self.sheets[self.order.index(lead_id)]

    def came(self, lead_id: int, picked: bool) -> str:
        """Return how a value came about that is one lead's."""
        return PICKED if picked else SURVIVOR if lead_id == self.survivor_id else FILLED

    def without(self, names: Iterable[str]) -> Plan:
        """Return this plan with nothing decided about these fields."""
        left_out = set(names)
        kept = {name: one for name, one in self.decisions.items() if name not in left_out}
        return replace(self, decisions=kept)

    def with_columns(
        self,
        columns: Mapping[str, Any],
        origins: Mapping[str, tuple[int, bool]],
        dropped: Mapping[str, int],
    ) -> Plan:
        """Return this plan with what becomes of the columns of several values.

        :param origins: ``{"<field>.<property>": (lead it comes from, whether the user picked it)}``
        :param dropped: see :class:`Plan`
        """
        properties = {
            name: Decision(
                name,
                columns.get(name.partition(".")[0], {}).get(name.partition(".")[2]),
                self.came(lead_id, picked),
                lead_id,
            )
            for name, (lead_id, picked) in origins.items()
        }
        return replace(self, columns=columns, properties=properties, dropped=dropped)
