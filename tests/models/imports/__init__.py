"""Taking in whole files of facts."""
