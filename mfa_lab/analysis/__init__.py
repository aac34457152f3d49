"""Questions about policies: whole-catalogue tables and differences."""
