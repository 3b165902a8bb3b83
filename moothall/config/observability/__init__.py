"""How the house is watched: health, figures and logs. No personal data, no address with a token in it."""
