// Nothing: the post step is what counts.
