"""The worker type `wellkept`: each flow run is forked from a warm process that already holds the imports."""

from deployments.worker.worker import WellkeptWorker

__all__ = ["WellkeptWorker"]
