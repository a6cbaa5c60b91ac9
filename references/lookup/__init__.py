"""Look-up: what Crossref, PubMed and DataCite know of a work, as a `Work`. Nothing here writes to the library."""
