"""A subsidy call as data: rounds, criteria, budget headings, sections, grounds."""
