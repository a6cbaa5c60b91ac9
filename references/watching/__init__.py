"""Watching: what is asked about each work and how often (`rounds`), whom (a module for each), and `flags`."""
