"""The ten lessons: what is guessed and what is done in each, and what several of them measure."""
