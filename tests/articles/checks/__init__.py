"""The checks, each with its table of cases: what it finds in which text."""
