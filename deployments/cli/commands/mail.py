"""Take a delivery report that came to the return path."""

import sys

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.showing import say
from notifications.bounces import read_bounce, take_bounce

app = group_app("Take a delivery report that came to the return path.")


@app.command()
def bounce() -> None:
    """Read a delivery report (RFC 3464) from standard input and note which letter did not arrive.

    The mail server calls it for mail to bounces+…@ the domain of the return path. What is no report about one of our
    letters changes nothing.

    Example, in Postfix's aliases: bounces: "|wellkept --data-dir /srv/wellkept mail bounce"
    """
    raw = sys.stdin.buffer.read()
    use_store()
    found = read_bounce(raw)
    if found is None:
        say("This is no delivery report about one of our letters.")
    elif take_bounce(raw):
        say(f"Letter {found.letter_id} was not delivered: {found.reason}. The deputy is told.")
    else:
        say(f"Letter {found.letter_id}: {found.reason}. Nothing changes.")
