"""The leave pack: everything of one council, in files that anybody can read, and nothing of the others."""
