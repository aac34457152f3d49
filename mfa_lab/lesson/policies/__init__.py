"""The policies of the lessons and of the learner."""
