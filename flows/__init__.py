"""One file per cycle, and the engine they share."""
