"""Answers written by a language model, for teams that have one: each sentence is checked against a verified passage."""

from bot.writing.writer import Source, Writer, Written

__all__ = ["Source", "Writer", "Written"]
