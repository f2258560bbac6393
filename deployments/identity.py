"""The identity PostgreSQL runs as. It refuses to run as root, so root lends it another one that leaves no trace.

First choice is a user namespace: inside it the process is user 1000, outside it is who it was, so every file stays
the owner's and nothing needs another mode. Second choice is the user `nobody`, who is then given the data folder.
"""

import os
import shutil
import subprocess
from enum import StrEnum
from pathlib import Path

from models.errors import WellkeptError

NOBODY = 65534
_NAMESPACE = ("--user", "--map-user=1000", "--map-group=1000", "--")
_SET_NOBODY = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig=INT", "--")


class NoIdentityError(WellkeptError):
    """PostgreSQL refuses to run as root, and this machine offers no other way."""

    remedy = "Run Wellkept as an ordinary user, or name a database server with WELLKEPT_DATABASE_URL."


class Identity(StrEnum):
    """Who PostgreSQL runs as."""

    OWN = "own"
    NAMESPACE = "namespace"
    NOBODY = "nobody"

    @property
    def prefix(self) -> list[str]:
        """Return the words that come before a command to run it as this identity."""
        match self:
            case Identity.OWN:
                return []
            case Identity.NAMESPACE:
                return [shutil.which("unshare") or "unshare", *_NAMESPACE]
            case Identity.NOBODY:
                return [shutil.which("setpriv") or "setpriv", *_SET_NOBODY]

    def can_run(self, binary: Path) -> bool:
        """Return whether this identity exists here and reaches the program.

        A shell stands in between: setpriv itself still has root's capabilities and would reach everything.
        """
        try:
            command = [*self.prefix, "/bin/sh", "-c", 'exec "$0" --version', str(binary)]
            return subprocess.run(command, check=False, capture_output=True, timeout=30).returncode == 0  # noqa: S603 - own
        except OSError:
            return False

    def own(self, folder: Path) -> None:
        """Hand a folder inside the data folder to this identity, and let it pass through the data folder."""
        if self is Identity.NOBODY:
            os.chown(folder, NOBODY, NOBODY)
            folder.parent.chmod(0o711)


def find_identity(binary: Path) -> Identity:
    """Return the identity to run a PostgreSQL program as. Raises NoIdentityError."""
    choices = [Identity.NAMESPACE, Identity.NOBODY] if os.geteuid() == 0 else [Identity.OWN]
    for choice in choices:
        if choice.can_run(binary):
            return choice
    if Identity.OWN in choices:
        raise NoIdentityError(f"{binary} does not run on this machine.")
    raise NoIdentityError(
        f"PostgreSQL refuses to run as root, user namespaces are refused here, and nobody cannot reach {binary}."
    )
