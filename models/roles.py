"""The roles people hold in a practice."""

from enum import StrEnum


class Role(StrEnum):
    """A role as clinic.yaml writes it; one person may hold several."""

    PRIVACY_OFFICIAL = "privacy_official"
    SECURITY_OFFICIAL = "security_official"
    PRACTICE_OWNER = "practice_owner"
    OFFICE_MANAGER = "office_manager"
    BILLING_COORDINATOR = "billing_coordinator"
    CLINICIAN = "clinician"
    FRONT_DESK = "front_desk"
    OUTSIDE_REVIEWER = "outside_reviewer"
    COUNSEL = "counsel"

    # Stands before str.title on purpose: nobody wants "Privacy_Official" in a letter.
    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the role as people say it, e.g. "privacy official"."""
        return self.value.replace("_", " ")
