"""Pages of what is counted: figures against targets, volume, experiments, and the conversations behind each line."""
