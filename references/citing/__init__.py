"""How a work is cited: the house style, and what reference managers take from a page."""
