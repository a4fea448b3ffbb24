"""What helps an agent answer: articles and tickets like it, their verdict on those, text blocks."""
