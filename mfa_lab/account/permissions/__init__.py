"""Which actions on which resources an operation needs permission for, a service a file."""
