"""A question in, a reply out: looked up, weighed, quoted, decided. Reads the index and the database, writes nothing."""
