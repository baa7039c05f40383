"""What Citong does in a second, beside what the same machine and database could do: script/bench."""
