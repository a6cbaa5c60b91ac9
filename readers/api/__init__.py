"""The read API, version 1: what the public pages show, as data for programs. See docs/api.md.

`shapes` holds what is answered, `door` what every address does alike, and the other modules one subject each.
"""
