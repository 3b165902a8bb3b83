"""What the service desk decides by: plain values in, an answer or a refusal out."""
