"""Measures of speed, each beside the bare tool it stands on, in one run on one machine.

``script/bench`` runs them all, ``script/bench sealing letters`` some. Ratios are what counts.
"""
