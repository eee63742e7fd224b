"""Faults with real processes: killed workers, a killed broker, a mail server that hangs up."""
