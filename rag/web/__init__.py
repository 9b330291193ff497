"""The page: a Gradio chat, and an evaluation, over the services of :mod:`rag.web.seam`.

Importing this package imports no Gradio; :func:`rag.web.server.serve` does, while the index opens.
"""
