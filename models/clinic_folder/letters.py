"""The letters of a clinic folder: its own wording of what goes to people outside."""

from pathlib import Path

from models.case_letters import BrokenWordingError, letter_names, shared_parts, try_out
from models.clinic_folder.files import listed, read_text
from models.clinic_folder.mistakes import Mistake, one_of


def read_letters(root: Path) -> tuple[dict[str, str], list[Mistake]]:
    """Return the wording by the letters' names, and every mistake in it; there need be none."""
    paths, mistake = listed(root, root / "letters")
    letters: dict[str, str] = {}
    mistakes = [mistake] if mistake else []
    for path in paths:
        found = _mistake(root, path)
        if found is None:
            letters[path.stem] = read_text(root, path).text
        else:
            mistakes.append(found)
    return letters, mistakes


def _mistake(root: Path, path: Path) -> Mistake | None:
    name, known = path.relative_to(root).as_posix(), sorted(letter_names() | shared_parts())
    if path.suffix != ".md" or path.stem not in known:
        return Mistake(name, None, "There is no letter of this name.", one_of(path.stem, known))
    file = read_text(root, path)
    if file.mistake:
        return file.mistake
    try:
        try_out(path.stem, file.text)
    except BrokenWordingError as error:
        return Mistake(name, None, str(error.args[0]), "Compare it with `wellkept letters show " + path.stem + "`.")
    return None
