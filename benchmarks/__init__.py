"""What measures speed and memory. Each script prints a table and ratios taken in one run; no test asserts a time."""
