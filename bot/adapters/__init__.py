"""The channels: one file each, none knows another, the matcher, or storage."""
