"""Under which orders the reader has a record before them, and for whom."""

from collections.abc import Iterable

from idp.database import db
from idp.models import Assessment, DevelopmentPlan
from idp.queries.delegations import OrderRow, orders_reaching, own_orders
from idp.web import clock
from idp.web.guards import current_user


def acting_orders(record: type[Assessment] | type[DevelopmentPlan], record_id: int) -> tuple[OrderRow, ...]:
    """For the note at the head of the record's page: for whom the reader acts on it."""
    return orders_reaching(db.session(), current_user().person_id, record, record_id, clock.today())


def represented_names(holders: Iterable[int | None]) -> dict[int, str]:
    """The names of those for whom the reader acts, by the person's id; without any in `holders` (None:
    themself) nothing is asked, else one statement."""
    if not any(holders):
        return {}
    user = current_user()
    orders = own_orders(db.session(), user.person_id, user.organisation_id or 0, clock.today())
    return {order.from_person_id: order.from_name for order in orders.acting_for}
