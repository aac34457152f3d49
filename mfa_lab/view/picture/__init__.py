"""Pictures of policies: a policy's history, and what several policies leave open."""
