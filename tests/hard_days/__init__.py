"""Hard days: a whole installation of its own under load, killed, backed up and restored. Slow; marked `hard_days`."""
