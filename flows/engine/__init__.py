"""The cycle engine: ask people, wait without a process, never do a step twice, close honestly."""

from flows.engine.asking import Asked, ask
from flows.engine.closing import Outcome
from flows.engine.current import Running, current
from flows.engine.cycle import cycle
from flows.engine.once import do, once
from flows.engine.others import ask_somebody_else, asked_by, who
from flows.engine.replies import Reply
from flows.engine.waiting import answer_to, answers_to, beside, both, together, until

__all__ = [
    "Asked",
    "Outcome",
    "Reply",
    "Running",
    "answer_to",
    "answers_to",
    "ask",
    "ask_somebody_else",
    "asked_by",
    "beside",
    "both",
    "current",
    "cycle",
    "do",
    "once",
    "together",
    "until",
    "who",
]
