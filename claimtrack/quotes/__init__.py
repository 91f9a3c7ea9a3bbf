"""
Look for the words of a registry in pinned copies of its sources.

How a quote is checked, step by step:

1. A source may pin a copy of its page: ``snapshot = { path, sha256, ... }``. The copy is opened
   inside the registry's folder without following a link (`check`), and its SHA-256 is compared
   before anything else reads it. A private copy lies in a folder that the user names.
2. The text of the copy is read (`readers`, `html`): HTML, plain text, MHTML, PDF, WARC and WACZ.
   Nothing in a copy is executed, no reference in it is followed, and what it may unpack to is
   bounded.
3. Text and quotes are cut into tokens (`tokens`): words, numbers and signs in one spelling, so
   that spaces, line breaks, kinds of quotation marks and dashes, ligatures, entities and hyphens
   at line ends make no difference, and nothing else is lost: case, digits and every word count.
4. All quotes of one copy are searched in one pass over its tokens (`matching`), with the automaton
   of Aho and Corasick, so the time is linear in the size of the copy and of the quotes.
5. For a quote that stands nowhere, the most similar passage is looked for, and the differences
   are listed (`misquote`).

A search never accepts what is only similar. The answer to a quote is *found*, *not found*,
*ambiguous*, *unreadable* or *unchecked*; unchecked is never taken for found.
"""
