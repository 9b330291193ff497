"""The page: a Gradio chat over an :class:`~rag.web.seam.AnswerService`.

Importing this package imports no Gradio; :func:`rag.web.server.serve` does, while the index opens.
"""
