"""What can answer: articles ingested and published, the index that serves them, and what outcomes taught it."""
