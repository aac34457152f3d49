"""The requests that a table, a difference or an exercise asks about, and their answers."""
