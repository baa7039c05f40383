"""The run of escorts under way: positions in, asks out, once a second, for all of them together."""
