"""What is written and read: files of other programs."""
