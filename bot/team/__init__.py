"""The team at its work: who is on, the views of the queue, the lead's board, quality reviews."""
