"""The command line: one file for each verb, the nouns of the library."""
