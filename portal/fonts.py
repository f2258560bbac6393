"""The fonts of what is printed: DejaVu Sans where the machine has it, for more of the world's letters."""

from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Wellkept", "Wellkept-Bold"
_SYSTEM = Path("/usr/share/fonts/truetype/dejavu")
_OWN = Path(reportlab.__file__).parent / "fonts"


@cache
def register_fonts() -> None:
    """Make the two fonts known to reportlab; without DejaVu its own Vera, which has Latin letters only."""
    dejavu = (_SYSTEM / "DejaVuSans.ttf").is_file() and (_SYSTEM / "DejaVuSans-Bold.ttf").is_file()
    plain, bold = (
        (_SYSTEM / "DejaVuSans.ttf", _SYSTEM / "DejaVuSans-Bold.ttf")
        if dejavu
        else (_OWN / "Vera.ttf", _OWN / "VeraBd.ttf")
    )
    pdfmetrics.registerFont(TTFont(PLAIN, str(plain)))
    pdfmetrics.registerFont(TTFont(BOLD, str(bold)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
