"""What pages of the service desk show, made ready for them."""
