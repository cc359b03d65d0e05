"""Send mails that are due, and settle what dead workers left."""

from idp.adapters.clock import utc_now
from idp.adapters.mail import mailer_for
from idp.services.mail_sending import Post, send_due_mails
from idp.services.mails import sweep_mails
from workers.app import app, settings
from workers.database import open_session


@app.task(name="mails.send")
def send() -> None:
    """Hand over every mail that is due."""
    post = Post(settings.mail_from, settings.base_url)
    send_due_mails(open_session, mailer_for(settings.mail_url), utc_now, post)


@app.task(name="mails.sweep")
def sweep() -> None:
    """Return expired claims, mark expired hand-overs."""
    with open_session() as session:
        sweep_mails(session, utc_now())
        session.commit()
