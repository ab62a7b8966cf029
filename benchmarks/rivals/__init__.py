"""What the project is held against, each as its users run it, and the project itself beside them.

A module here runs as a process of its own, in an environment of its own (`benchmarks.entrants`),
and imports nothing of the project's but `speaking`; only `infobot` does.
"""
