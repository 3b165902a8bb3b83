"""The performance pack as a document, who may see what of it, and how its figures are said in words."""
