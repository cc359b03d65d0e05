"""Courses, and what the plans of a year ask for in seats, hours and money."""
