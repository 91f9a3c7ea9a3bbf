"""Settings of the documentation."""

from importlib.metadata import version as version_of

project = "claimtrack"
author = "The claimtrack authors"
release = version_of("claimtrack")
version = release

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

# Types stand in signatures; docstrings follow Google's sections (see contributing.md).
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Docstrings name their own arguments and fields in single asterisks or backquotes.
default_role = "code"

html_theme = "furo"
html_title = "claimtrack"
html_copy_source = False
# Nothing is fetched from elsewhere when a page is read.
html_permalinks_icon = "#"
