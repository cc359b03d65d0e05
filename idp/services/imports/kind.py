"""What a kind of file has to say for itself: its columns, what its rows would do, and how they are done."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput
from idp.rules.imports import RowEffect
from idp.rules.relations import Actor
from idp.rules.terms import Permission


@dataclass(frozen=True)
class Column:
    """Found in a file by its Thai or English header, or its key. `is_required`: the file must have it, though
    a cell of it may be empty where the kind says so; `is_for_the_eye`: written into our files to be read by
    people, and never taken from one."""

    key: str
    header_th: str
    header_en: str
    help_th: str
    help_en: str
    example: Cell = ""
    is_required: bool = True
    is_for_the_eye: bool = False
    width: int = 0


@dataclass(frozen=True)
class Choice:
    value: str
    name_th: str
    name_en: str


@dataclass(frozen=True)
class Parameter:
    """What is chosen beside the file, for all of its rows."""

    key: str
    name_th: str
    name_en: str


@dataclass(frozen=True)
class AllowedValues:
    """A column of the template's last sheet: what may be written."""

    header_th: str
    header_en: str
    values: Sequence[str]


@dataclass(frozen=True)
class Scope:
    """Whose file it is, what for, and the moment; `columns`: the keys of those that the file has. `actor` has
    an organisation and is a person."""

    session: Session
    actor: Actor
    organisation_id: int
    parameters: Mapping[str, Any]
    now: datetime
    import_id: int | None = None
    columns: frozenset[str] = frozenset()

    @property
    def day(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True)
class RowRead:
    """A row of the file: its texts by the keys of our columns, "" for an empty cell or a missing column."""

    place: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Judgement:
    """What a row would do. `before` and `after` by the keys of columns, as the page shows them; `target`: the
    record, by the ids that the kind needs, with `person_id` where the row is about a person."""

    place: int
    effect: RowEffect
    before: dict[str, str] | None = None
    after: dict[str, str] | None = None
    target: dict[str, Any] | None = None
    problems: tuple[InvalidInput, ...] = field(default=())

    @classmethod
    def refused(
        cls, place: int, *problems: InvalidInput, target: dict[str, Any] | None = None
    ) -> "Judgement":
        """Each problem is at the key of a column."""
        return cls(place, RowEffect.REFUSED, target=target, problems=problems)


class ImportKind(ABC):
    """One kind of file. `permission` is asked beside the right to import at all."""

    key: ClassVar[str]
    name_th: ClassVar[str]
    name_en: ClassVar[str]
    help_th: ClassVar[str]
    help_en: ClassVar[str]
    permission: ClassVar[Permission] = Permission.IMPORT_RUN
    columns: ClassVar[tuple[Column, ...]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    chunk: ClassVar[int | None] = 500
    """So many rows are let in at once; None: all of them, where rows belong together."""

    def choices(self, session: Session, actor: Actor, day: date) -> Mapping[str, Sequence[Choice]]:
        """What may be chosen for each parameter."""
        return {}

    @abstractmethod
    def judge(self, scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
        """One judgement for each row, in a number of statements that does not grow with them; writes nothing.

        A row is refused for everything that is wrong with it at once.
        """

    @abstractmethod
    def apply(self, scope: Scope, judged: Sequence[Judgement]) -> None:
        """Write these rows, judged a moment ago to add or change something: all or none, with the history of
        the records. Raises RuleViolation."""

    @abstractmethod
    def present_rows(self, scope: Scope) -> Iterable[Mapping[str, Cell]]:
        """What stands there now, by the keys of the columns: handed in again it changes nothing."""

    def allowed_values(self, scope: Scope) -> Sequence[AllowedValues]:
        """What may be written in columns that take only certain words."""
        return ()

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def checked_parameters(
        self, session: Session, actor: Actor, typed: Mapping[str, str], day: date
    ) -> dict[str, Any]:
        """What was chosen, with its names for the pages (`about_th`, `about_en`). Raises InvalidInput at a
        parameter: `required`, `unknown_choice`."""
        choices = self.choices(session, actor, day)
        chosen: dict[str, Any] = {}
        about: list[Choice] = []
        for parameter in self.parameters:
            text = typed.get(parameter.key, "")
            if not text:
                raise InvalidInput(parameter.key, "required")
            found = next((each for each in choices[parameter.key] if each.value == text), None)
            if found is None:
                raise InvalidInput(parameter.key, "unknown_choice")
            chosen[parameter.key] = text
            about.append(found)
        return chosen | {
            "about_th": ", ".join(each.name_th for each in about),
            "about_en": ", ".join(each.name_en for each in about),
        }
