"""Tab 08: vendors and their business associate agreements, in the shape of OCR's template as far as recorded."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.clinic_folder.schema import HandlesPhi
from models.tables import Vendor


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the sheet of the tab."""
    rows = [
        (each.name, each.service, each.handles_phi, str(each.baa_signed_on or ""), str(each.baa_expires_on or ""))
        for each in _vendors(session, scope)
    ]
    columns = ("name", "service", "handles patient data", "agreement signed", "agreement expires")
    note = "OCR's template also asks for contact, address, phone, e-mail and website; they are not recorded here."
    yield Sheet("08", "business-associates", "Business associates", columns, rows, note)


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield vendors that handle patient data without an agreement, or with one that has run out."""
    for each in _vendors(session, scope):
        if each.handles_phi == HandlesPhi.UNKNOWN:
            yield Gap("08", f"Whether {each.name} handles patient data is not known.")
        elif each.handles_phi != HandlesPhi.YES:
            continue
        elif each.baa_signed_on is None:
            yield Gap("08", f"{each.name} handles patient data and has no agreement on record.")
        elif each.baa_expires_on and each.baa_expires_on <= scope.last:
            yield Gap("08", f"The agreement with {each.name} ran out on {each.baa_expires_on}.")


def _vendors(session: Session, scope: Scope) -> list[Vendor]:
    return list(session.exec(select(Vendor).where(Vendor.clinic == scope.clinic).order_by(col(Vendor.name))))
