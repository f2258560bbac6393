"""The doctor: checks an installation and says how to mend what is wrong. It changes nothing."""

from deployments.doctor.checkup import checkup
from deployments.doctor.result import Result

__all__ = ["Result", "checkup"]
