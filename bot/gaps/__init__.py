"""Questions that nobody could answer in, groups with what would cure each out; pure."""
