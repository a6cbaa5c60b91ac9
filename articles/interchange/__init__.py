"""The interchange format: one answer as a file of Pandoc Markdown with a YAML head, the cited works as CSL-JSON beside.

A collection is a folder with `articles/*.md` and `references.json`. The keys of a head are listed in `reading.py`. Here
files are read and written; what an import does with them is the business of `reviews/importing.py`.
"""
