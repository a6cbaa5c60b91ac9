"""Images of answers: taken in, kept, shown. Bytes become clean bytes in a child process; rows are kept by article."""
