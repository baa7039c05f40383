"""Sessions: whose time they take, who may know of them, calendars, reminders, series."""
