"""The rows of the retention app."""

from retention.models.destruction_report import DestructionReport
from retention.models.file_to_remove import FileToRemove
from retention.models.listed_row import ListedRow
from retention.models.retention_period import RetentionPeriod

__all__ = ["DestructionReport", "FileToRemove", "ListedRow", "RetentionPeriod"]
