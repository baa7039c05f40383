"""Law at hand: statutes by article and day, and which articles may fit what somebody tells. Always a suggestion."""
