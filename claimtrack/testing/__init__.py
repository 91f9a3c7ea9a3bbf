"""Claims, readings and facts as items of pytest; the hooks themselves are in the plugin."""
