"""Markdown in, articles and safe HTML out; the only user of markdown-it-py and nh3."""

from kb.markdown.html import render
from kb.markdown.parsing import parse
from kb.markdown.steps import Step, steps

__all__ = ["Step", "parse", "render", "steps"]
