"""The pages of mediation that everybody may read."""
