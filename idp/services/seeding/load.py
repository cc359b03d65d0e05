"""Loading the whole library: idempotent, and all or nothing in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.load_catalogue import load_catalogues, load_crosswalk
from idp.services.seeding.load_frameworks import PublishedVersion, load_frameworks
from idp.services.seeding.load_positions import load_expected_levels, load_lines_of_work, load_positions
from idp.services.seeding.sync import RowCounts


@dataclass(frozen=True)
class SeedReport:
    """What a load has written; a retired action counts as removed, a changed one as removed and added."""

    frameworks: list[PublishedVersion]
    actions: RowCounts
    crosswalk: RowCounts
    position_levels: RowCounts
    expected_levels: RowCounts
    lines_of_work: RowCounts

    @property
    def changed(self) -> bool:
        """Whether the load has written anything."""
        counts = (
            self.actions,
            self.crosswalk,
            self.position_levels,
            self.expected_levels,
            self.lines_of_work,
        )
        return bool(self.frameworks) or any(count != RowCounts() for count in counts)


def load_seeds(session: Session, library: SeedLibrary, now: datetime) -> SeedReport:
    """Bring the database into line with `library`; `now` (aware UTC) is when new framework versions appear.

    Nothing is committed here. A second load of the same library writes nothing. Published framework versions
    never change: a file that differs makes the next one.
    """
    return SeedReport(
        frameworks=load_frameworks(session, library, now),
        actions=load_catalogues(session, library),
        crosswalk=load_crosswalk(session, library),
        position_levels=load_positions(session, library),
        expected_levels=load_expected_levels(session, library),
        lines_of_work=load_lines_of_work(session, library),
    )
