"""Mails as rows: written by the act that causes them, sent after it, by one module."""
