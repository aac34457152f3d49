"""What calls are about, a service in each file; `resources.py` above chooses among them."""
