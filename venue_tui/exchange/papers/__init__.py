"""Papers to be handed over and signed: what stands on them, and their ways onto paper."""
