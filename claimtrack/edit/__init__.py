"""Changes of a registry's files that keep what a person wrote around them."""
