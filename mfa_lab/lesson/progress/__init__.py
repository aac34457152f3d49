"""A learner's progress: what is noted, where it is kept, and the page that sums it up."""
