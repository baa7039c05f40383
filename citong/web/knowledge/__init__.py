"""The law at the desk: a page to look it up, a page for each article."""
