"""Reading a policy's text: its JSON, the grammar of each element, and the mistakes found in it."""
