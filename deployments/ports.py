"""Ports on loopback: the wanted one, or the next free one, remembered so that addresses stay."""

import json
import socket
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from models.errors import WellkeptError

FILE_NAME = "ports.json"
LOOPBACK = "127.0.0.1"
_TRIES = 200
_LAST = 65535


class NoPortError(WellkeptError):
    """No free port was found on this machine."""

    remedy = "Name free ones with WELLKEPT_PORTAL_PORT, WELLKEPT_PREFECT_PORT and the like."


def choose_ports(data_dir: Path, wanted: Mapping[str, int], fixed: frozenset[str] = frozenset()) -> dict[str, int]:
    """Return a free port for each name and remember it in `<data_dir>/ports.json`.

    Raises NoPortError; for a name in `fixed` also when just its port is taken, because something outside relies on it.
    """
    record = _record(data_dir)
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        if name in fixed and not is_free(port):
            raise NoPortError(f"Port {port} ({name}) is taken.")
        chosen[name] = _first_free(_remembered(record.get(name), port), port, taken=set(chosen.values()))
    record = {name: {"wanted": wanted[name], "port": port} for name, port in chosen.items()}
    (data_dir / FILE_NAME).write_text(json.dumps(record, indent=1) + "\n")
    return chosen


def remembered_ports(data_dir: Path, wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the ports of the last start, whatever was wanted then; the wanted ones where there was none."""
    record = _record(data_dir)
    return {name: _port_of(record.get(name), port) for name, port in wanted.items()}


def _record(data_dir: Path) -> dict[str, object]:
    """Return what was written at the last start; nothing where there was none or it cannot be read."""
    try:
        record = json.loads((data_dir / FILE_NAME).read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _port_of(entry: object, wanted: int) -> int:
    """Return the port of a remembered entry."""
    match entry:
        case {"port": int(port)}:
            return int(port)
        case _:
            return wanted


def is_free(port: int) -> bool:
    """Return whether a server could listen on this port of loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _remembered(entry: object, wanted: int) -> int:
    """Return the port of a remembered entry if it was chosen for the same wish."""
    match entry:
        case {"wanted": int(before), "port": int(port)} if before == wanted:
            return int(port)
        case _:
            return wanted


def _first_free(remembered: int, wanted: int, taken: set[int]) -> int:
    """Return the remembered port, else the wanted one, else the next free one above it."""
    for port in chain([remembered], range(wanted, min(wanted + _TRIES, _LAST + 1))):
        if port not in taken and is_free(port):
            return port
    raise NoPortError(f"No port from {wanted} on is free.")
