"""Measures the program against plain ways of doing the same, side by side: `python -m tests.bench`."""
