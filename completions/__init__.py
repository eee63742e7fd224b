"""Completing an application that was submitted: what the office asks in points, and what the applicants add to it (Awb 4:5)."""
