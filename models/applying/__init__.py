"""Applying a clinic folder: the store says afterwards what the files say."""

from models.applying.apply import Applied, apply_clinic
from models.applying.policies import OwnerLeftError, SameVersionError

__all__ = ["Applied", "OwnerLeftError", "SameVersionError", "apply_clinic"]
