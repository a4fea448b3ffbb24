"""Who may do what: accounts, roles, signing in, machine keys, and the record of what staff did."""
