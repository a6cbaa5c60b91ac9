"""What makes a work one work: its identifiers and keys, likely duplicates, merging, and its other versions."""
