"""Database wrappers that hold the walls between councils and the manners of the house."""
