"""`serve`: the same program in a browser, each tab with a process of its own."""
