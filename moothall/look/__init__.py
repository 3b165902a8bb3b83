"""How the house looks: layouts, components, forms, colours and error pages. See docs/look.md.

It knows no council, no user and no request of a resident; rooms above hang what it shows on `look/hooks.py`.
"""
