"""The rows of the audit app."""

from hubportal.audit.models.audit_event import AuditEvent
from hubportal.audit.models.audit_link import AuditBatch, AuditLink

__all__ = ["AuditBatch", "AuditEvent", "AuditLink"]
