"""How works are found in the library: words, the index of them, and the finding."""
