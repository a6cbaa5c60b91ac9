"""The trail of one article as a file: written from the record (`making`), read with limits (`reading`), and checked on
another machine without any database (`checking`). The format is described in docs/trail.md.
"""
