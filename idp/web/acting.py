"""Under which orders the reader has a record before them."""

from idp.database import db
from idp.models import Assessment, DevelopmentPlan
from idp.queries.delegations import OrderRow, orders_reaching
from idp.web import clock
from idp.web.guards import current_user


def acting_orders(record: type[Assessment] | type[DevelopmentPlan], record_id: int) -> tuple[OrderRow, ...]:
    """For the note at the head of the record's page: for whom the reader acts on it."""
    return orders_reaching(db.session(), current_user().person_id, record, record_id, clock.today())
