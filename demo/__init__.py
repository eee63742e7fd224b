"""The demo: fictional people and cases, a clock that moves, one-click log-in; refused in production."""
