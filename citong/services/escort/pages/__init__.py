"""The pages of escorts: the officer's on the road, the centre's console, the report."""
