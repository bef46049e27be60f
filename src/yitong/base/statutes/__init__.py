"""法规: acts, time limits as dated and cited rows, the working calendar, office hours, code tables."""
