"""The guest desk: whose turn, whose guest, whose sale, and what was promised. Pure."""
