"""Pure Python that knows no Django: calendars, durations, ids, geometry, text and the rule class."""
