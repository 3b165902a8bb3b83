"""The pages of service designers: processes read, written, tried, published, and running cases moved."""
