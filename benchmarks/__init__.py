"""Commands behind the Makefile that measure and fit; not part of the installed bot."""
