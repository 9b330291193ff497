"""`rag bench`: time and memory, each figure measured from outside as a whole process.

On Linux a child's peak memory is never below what its parent held when it was started. So the
process that starts and measures the others is a light one (``python -m rag.bench``, which takes the
place of the command line's): its modules import the standard library and nothing else. Whatever
needs more (a corpus, an index, another library) runs in a child: ``prepare``, ``ours``,
``peers.run``, ``plot``.
"""
