"""How the house is watched: health, figures and logs. They hold no personal data, and no address with a token in it."""
