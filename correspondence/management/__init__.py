"""Answers by mail: from what a mail server hands over to the act."""
