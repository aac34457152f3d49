"""The operations that the account carries out itself, since moto lacks or fakes them."""
