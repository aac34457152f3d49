"""What a learner sees: accessible HTML, widgets, traces."""
