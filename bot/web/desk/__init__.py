"""The staff's side of the service: signing in, accounts, and the pages that need a permission."""
