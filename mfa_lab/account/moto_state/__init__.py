"""The account's state, which moto holds. The only folder that touches moto."""
