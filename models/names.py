"""Names as people type them."""

import unicodedata


def plain(name: str) -> str:
    """Return a name without case, accents and superfluous spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def same_name(typed: str, name: str) -> bool:
    """Tell whether somebody typed a name, whatever its case, accents and spaces."""
    return bool(plain(typed)) and plain(typed) == plain(name)
