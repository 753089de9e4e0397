"""What must survive: processes killed at any moment, terminals that all write at once, and what
befalls the machine. Run small by pytest, and at full size by `python -m tests.trust`."""
