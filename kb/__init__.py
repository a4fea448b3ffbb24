"""What we know: Markdown files in, articles and citable chunks out. Imports nothing of ours."""
