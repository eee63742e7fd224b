"""Letters of any kind: what they say, their release by two people, their making, sending and superseding."""
