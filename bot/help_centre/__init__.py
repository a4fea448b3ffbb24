"""The help centre: articles to read, find and vote on, and the ways from there to people."""
