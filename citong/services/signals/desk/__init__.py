"""Pages and panels of signals."""
