"""A day of a support desk, lived through real HTTP and sockets, with the server killed on the way, and then proved."""
