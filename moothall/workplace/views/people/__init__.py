"""Pages about the people of the register: finding, reading, adding and changing them."""
