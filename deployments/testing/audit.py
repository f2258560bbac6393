"""An audit of a page as people with other eyes and hands meet it: axe-core, narrow screens, and the keyboard alone.

axe-core finds what a program can find of WCAG 2.2, levels A and AA. What it cannot judge, such as whether words make
sense, stays with people.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal, get_args

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

WCAG_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""axe's names for the rules of WCAG 2.0, 2.1 and 2.2 at levels A and AA. 2.2 has no new ones that it checks at A."""
WIDTHS = (360, 1280)
"""CSS pixels: a small phone and a desk."""
REFLOW = (320, 360)
"""Widths in CSS pixels without scrolling sideways: WCAG 1.4.10 asks for the first."""
HEIGHT = 800
Scheme = Literal["light", "dark"]

_STOPS = """() => {
  const wanted = 'a[href], button, select, textarea, iframe, [tabindex="0"], input:not([type=hidden])';
  const found = [...document.querySelectorAll(wanted)].filter(
    (one) => one.checkVisibility() && !one.disabled && !one.closest('[aria-hidden=true]'));
  found.forEach((one, number) => { one.dataset.stop = number; });
  const group = (one) => one.type === 'radio' ? `radio ${one.name}` : one.dataset.stop;
  return found.map((one) => [group(one), one.outerHTML.slice(0, 120)]);
}"""
_HERE = """() => {
  const one = document.activeElement;
  if (!one || one.dataset.stop === undefined) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const ring = outlineStyle === 'auto' || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2);
  const box = one.getBoundingClientRect();
  const seen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const group = one.type === 'radio' ? `radio ${one.name}` : one.dataset.stop;
  return [group, (ring || one.tagName === 'IFRAME') && seen];
}"""


def complaints(page: Page) -> list[str]:
    """Return what is wrong with the page that is open: rule, place and how to mend it, one line each; none is good."""
    return [*_rules(page), *_sideways(page), *_keyboard(page)]


def _rules(page: Page) -> Iterator[str]:
    for width, scheme in product(WIDTHS, get_args(Scheme)):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        options = {"runOnly": {"type": "tag", "values": [*WCAG_AA]}, "resultTypes": ["violations", "incomplete"]}
        found = Axe().run(page, options=options).response
        for violation in [*found["violations"], *found["incomplete"]]:
            for node in filter(_matters, violation["nodes"]):
                yield f"{width} px, {scheme}: {_told(violation, node)}"


def _matters(node: dict[str, Any]) -> bool:
    """Tell whether a finding is one: axe measures no contrast of a mark such as ✓, which nobody has to read."""
    return not any((each["data"] or {}).get("messageKey") == "nonBmp" for each in node["any"])


def _told(violation: dict[str, Any], node: dict[str, Any]) -> str:
    """Return one finding of axe: the rule, where, and what to do. An undecided one counts: somebody has to look."""
    mend = " ".join(node["failureSummary"].split())
    return f"{violation['id']} ({violation['help']}) at {' '.join(map(str, node['target']))}: {mend}"


def _sideways(page: Page) -> Iterator[str]:
    for width in REFLOW:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{width} px: the page is {wide} px wide, so it scrolls sideways."


PARTS_OF_A_DATE = 6
"""Stops that Tab makes inside a field for a day and a time: its numbers, AM or PM, and the calendar."""


def _keyboard(page: Page) -> Iterator[str]:
    """Press Tab through the page from its top; every control must get the focus, be in view and show it."""
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    stops: list[tuple[str, str]] = page.evaluate(_STOPS)
    page.evaluate("document.activeElement.blur(); getSelection().collapse(document.body, 0)")
    reached: dict[str, bool] = {}
    inside = page.locator("input[type=date], input[type=datetime-local]").count() * PARTS_OF_A_DATE
    for _ in range(len(stops) + inside + 2):  # it may begin at a summary of errors, and comes round
        page.keyboard.press("Tab")
        if here := page.evaluate(_HERE):
            reached[here[0]] = reached.get(here[0], False) or here[1]
    for group, element in dict(stops).items():
        if group not in reached:
            yield f"Tab does not reach {element}"
        elif not reached[group]:
            yield f"The focus does not show on {element}"
