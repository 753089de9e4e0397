"""What is true of a venue: its house rules, the facts of its nights, and the money."""

PART_OF = "venue-tui"  # told apart by this from another package of the same name
