"""Whether the tests notice: the money's modules are changed one place at a time, and the tests that
are about them run. `python -m tests.mutation` gives the score."""
