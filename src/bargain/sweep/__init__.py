"""Many draws: a task, the kernel that computes one block of it, statistics that add, and the run."""
