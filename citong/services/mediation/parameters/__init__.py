"""What mediation stands on, and its numbers, each with its article and the day from which it holds."""
