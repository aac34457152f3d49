"""Policies as a learner sees them: the NotAction editor, a policy to read, warnings."""
