"""Retention: how long data are kept, and destroying them after two people approved (selectielijst, vernietiging)."""
