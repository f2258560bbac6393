"""The place: base URL, prefix and origin."""

import pytest

from portal.place import Place


@pytest.mark.parametrize(
    ("base_url", "prefix", "origin", "https"),
    [
        ("http://127.0.0.1:4280", "", "http://127.0.0.1:4280", False),
        ("https://Answers.Maple-Grove.example", "", "https://answers.maple-grove.example", True),
        ("https://maple-grove.example:443/wellkept", "/wellkept", "https://maple-grove.example", True),
        ("https://maple-grove.example:8443", "", "https://maple-grove.example:8443", True),
    ],
)
def test_everything_follows_from_the_base_url(base_url: str, prefix: str, origin: str, https: bool):
    place = Place(base_url)
    assert (place.prefix, place.origin, place.https) == (prefix, origin, https)
