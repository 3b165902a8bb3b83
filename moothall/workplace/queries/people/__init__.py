"""What the pages about people show, each as one read."""
