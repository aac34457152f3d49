"""Allow/deny tables as a learner sees them, with differences, comparisons and traces."""
