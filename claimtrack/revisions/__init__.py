"""Earlier versions of a registry's claims, as version control keeps them."""
