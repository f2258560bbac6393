"""Place: where people reach the portal, from the settings and never from a request."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request


@dataclass(frozen=True)
class Place:
    """The portal's base URL and what follows from it."""

    base_url: str

    @property
    def prefix(self) -> str:
        """Return the path all addresses begin with; empty when the portal has a host name of its own."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def origin(self) -> str:
        """Return scheme, host and port as a browser writes them into `Origin`: lower case, no usual port."""
        parts = urlsplit(self.base_url.lower())
        usual = {"http": ":80", "https": ":443"}[parts.scheme]
        return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"

    @property
    def https(self) -> bool:
        """Tell whether people reach the portal over TLS."""
        return self.base_url.lower().startswith("https:")


def place_of(request: Request) -> Place:
    """Return the place of the application that a request came to."""
    place = request.app.state.place
    if not isinstance(place, Place):
        raise TypeError(place)
    return place
