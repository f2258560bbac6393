"""Note a person's leave, enrol a person's PIN."""

from typing import Annotated

import typer

from deployments.cli.apps import group_app
from deployments.cli.demo_pins import random_pin
from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR, PersonArgument, a_day
from deployments.cli.showing import say
from models.cover import acting_for
from models.demo_day import need_demo
from models.errors import WellkeptError
from models.leaves import add_leave, person_named, remove_leave
from models.people import people_of
from models.pins import WeakPinError, enrol_pin, weakness_of
from models.store import reading, transaction


class NoPinError(WellkeptError):
    """No PIN was typed, so nothing was changed."""

    remedy = "Run it in a terminal, with the person whose PIN it is beside you."


app = group_app("Note a person's leave, enrol a person's PIN.")


@app.command()
def leave(
    person: PersonArgument,
    first_day: Annotated[str, typer.Option("--from", metavar="DATE", help="First day away.")],
    last_day: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day away.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take back the leave with these days.")] = False,
) -> None:
    """Note the days a person is away, both included. Whoever covers gets what waits, at the rounds of the first day.

    Write it into clinic.yaml too: the next `clinics apply` makes leave what the file says.

    Example: wellkept people leave maple-grove/ruth-castellano --from 2027-03-01 --to 2027-03-05
    """
    first, last = a_day(first_day), a_day(last_day)
    use_store()
    with transaction() as tx:
        found = person_named(tx.session, person)
        (remove_leave if remove else add_leave)(tx, found, first, last, ACTOR)
    if remove:
        say(f"{found.name} is not away from {first} to {last}.")
        return
    with reading() as session:
        people = people_of(session, found.clinic)
        covers = people[acting_for(people, found.id, first)].name
    alone = "and nobody covers: name a deputy in clinic.yaml" if covers == found.name else f"{covers} covers"
    say(f"{found.name} is away from {first} to {last}; {alone}.")


@app.command()
def pin(
    person: PersonArgument,
    *,
    demo_random: Annotated[bool, typer.Option("--demo-random", help="Demo only: enrol and print any PIN.")] = False,
) -> None:
    """Enrol a person's PIN, typed twice by that person, here, with you beside them.

    Decisions such as an approval ask for it. Check who sits there: the PIN is what the record rests on.

    Example: wellkept people pin maple-grove/dana-whitfield
    """
    settings = use_store()
    if demo_random:
        need_demo(settings.data_dir)
    with reading() as session:
        name = person_named(session, person).name
    chosen = random_pin() if demo_random else _typed(name)
    with transaction() as tx:
        enrol_pin(tx, person_named(tx.session, person), chosen, ACTOR)
    say(f"{name}'s PIN is enrolled.", *([f"It is {chosen}."] if demo_random else []))


def _typed(name: str) -> str:
    """Ask for a PIN twice, unseen. Raises WeakPinError, NoPinError."""
    words = f"{name}, choose a PIN of six digits or more"
    try:
        chosen: str = typer.prompt(words, hide_input=True, confirmation_prompt=True)
    except typer.Abort as error:
        raise NoPinError from error
    if weakness := weakness_of(chosen):
        raise WeakPinError(weakness)
    return chosen
