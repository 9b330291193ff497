"""Yinju (引据): question answering over a folder of documents, every sentence on a quote."""

__version__ = "0.1.0"
