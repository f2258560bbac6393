"""The demo clinic: a made-up practice, written the way a real one would write its folder."""

from pathlib import Path


def demo_clinic_path() -> Path:
    """Return the clinic folder of Maple Grove Counseling, as it ships with the package."""
    return Path(__file__).parent / "maple-grove"
